import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { resolveEncryption } from '../../src/run/secret.ts';
import { readAge } from '../../src/run/secret-age.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const secret = 'a secret that lives in Git';

async function seal(text: string, ...identities: readonly string[]): Promise<string> {
  const encrypter = new Encrypter();
  for (const identity of identities) encrypter.addRecipient(await identityToRecipient(identity));
  return armor.encode(await encrypter.encrypt(text));
}

/** The environment that names a file with these lines. */
async function keyFile(directory: TemporaryDirectory, ...lines: readonly string[]) {
  return { CLOUDSYNC_AGE_IDENTITY_FILE: await directory.write('keys.txt', `${lines.join('\n')}\n`) };
}

describe('readAge', () => {
  test('decrypts with the identity of the file, as age-keygen writes it', async () => {
    await using directory = await temporaryDirectory();
    const identity = await generateIdentity();
    const environment = await keyFile(directory, '# created: 2026-01-01', `# public key: age1x`, identity);
    expect(await readAge(await seal(`${secret}\n`, identity), environment)).toEqual({ ok: true, value: secret });
  });

  test('of several identities it takes the one that fits', async () => {
    await using directory = await temporaryDirectory();
    const [first, second, third] = [await generateIdentity(), await generateIdentity(), await generateIdentity()];
    const environment = await keyFile(directory, first, '', `  ${second}\r`);
    expect(await readAge(await seal(secret, third, second), environment)).toEqual({ ok: true, value: secret });
  });

  test('as YAML gives it: indented lines, and a blank line at the end', async () => {
    await using directory = await temporaryDirectory();
    const identity = await generateIdentity();
    const text = `${await seal(secret, identity)}\n\n`;
    expect(await readAge(text, await keyFile(directory, identity))).toEqual({ ok: true, value: secret });
  });

  test('for another recipient, or damaged, it fails and shows neither text nor identity', async () => {
    await using directory = await temporaryDirectory();
    const identity = await generateIdentity();
    const environment = await keyFile(directory, identity);
    const other = await seal(secret, await generateIdentity());
    const mine = await seal(secret, identity);
    for (const text of [other, mine.replace(/\n[A-Za-z0-9+/]{10}/, '\nAAAAAAAAAA'), 'no age text at all', '']) {
      const read = await readAge(text, environment);
      expect(read).toMatchObject({ ok: false, error: expect.stringContaining('keys.txt; was it made for another') });
      expect(JSON.stringify(read)).not.toContain(identity.slice(20));
    }
  });

  test('one that holds nothing is not an empty secret', async () => {
    await using directory = await temporaryDirectory();
    const identity = await generateIdentity();
    expect(await readAge(await seal('\n', identity), await keyFile(directory, identity))).toEqual({
      ...{ ok: false, error: 'the age text holds nothing' },
    });
  });

  test('says what is missing', async () => {
    await using directory = await temporaryDirectory();
    const text = await seal(secret, await generateIdentity());
    for (const environment of [{}, { CLOUDSYNC_AGE_IDENTITY_FILE: '' }]) {
      expect(await readAge(text, environment)).toMatchObject({
        ...{ ok: false, error: expect.stringContaining('an age text needs CLOUDSYNC_AGE_IDENTITY_FILE to name') },
      });
    }
    const absent = directory.at('absent');
    expect(await readAge(text, { CLOUDSYNC_AGE_IDENTITY_FILE: absent })).toEqual({
      ...{ ok: false, error: `cannot read ${absent}: ENOENT` },
    });
    const environment = await keyFile(directory, '# no key in here');
    expect(await readAge(text, environment)).toMatchObject({ error: expect.stringContaining('holds no age identity') });
  });

  test('an identity that is damaged is not shown', async () => {
    await using directory = await temporaryDirectory();
    const environment = await keyFile(directory, 'AGE-SECRET-KEY-1DAMAGED');
    const read = await readAge(await seal(secret, await generateIdentity()), environment);
    expect(read.ok).toBe(false);
    expect(JSON.stringify(read)).not.toContain('DAMAGED');
  });

  test('an encryption takes its passwords from it', async () => {
    await using directory = await temporaryDirectory();
    const identity = await generateIdentity();
    const encryption = { password: { age: await seal(secret, identity) }, salt: { fromEnv: 'SALT' }, filenames: true };
    const environment = { ...(await keyFile(directory, identity)), SALT: 'salt' };
    expect(await resolveEncryption(encryption, { environment, processName: 'this test' })).toEqual({
      ...{ ok: true, value: { options: { password: secret, password2: 'salt' }, secrets: [secret, 'salt'] } },
    });
  });
});
