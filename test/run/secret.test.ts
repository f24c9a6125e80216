import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import { resolveOptions } from '../../src/run/secret.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

function s3(options: CredentialSpec['options']): CredentialSpec {
  return { provider: 's3', options };
}

async function errorOf(options: CredentialSpec['options'], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const resolved = await resolveOptions(s3(options), { environment, processName: 'the daemon (process 42)' });
  return resolved.ok ? 'none' : resolved.error;
}

describe('resolveOptions', () => {
  test('makes text of everything, and says which of it is secret', async () => {
    await using directory = await temporaryDirectory();
    const key = await directory.write('key', 'from-a-file\n');
    const resolved = await resolveOptions(
      s3({ region: 'eu', port: 22, tls: true, id: { fromEnv: 'KEY_ID' }, key: { fromFile: key } }),
      { environment: { KEY_ID: 'from-env' }, processName: 'this test' },
    );
    expect(resolved).toEqual({
      ok: true,
      value: {
        options: { region: 'eu', port: '22', tls: 'true', id: 'from-env', key: 'from-a-file' },
        secrets: ['from-env', 'from-a-file'],
      },
    });
  });

  test.each([
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['secret\n\n', 'secret\n'],
    [' secret ', ' secret '],
    ['-----BEGIN-----\nabc\n-----END-----\n', '-----BEGIN-----\nabc\n-----END-----'],
  ])('of a file that holds %j it takes %j', async (content, secret) => {
    await using directory = await temporaryDirectory();
    const path = await directory.write('key', content);
    const resolved = await resolveOptions(s3({ key: { fromFile: path } }), {
      environment: {},
      processName: 'this test',
    });
    expect(resolved).toMatchObject({ ok: true, value: { options: { key: secret } } });
  });

  test('names everything that is missing at once', async () => {
    await using directory = await temporaryDirectory();
    const empty = await directory.write('empty', '\n');
    const large = await directory.write('large', 'x'.repeat(64 * 1024 + 1));
    await mkdir(directory.at('folder'));
    const message = await errorOf(
      {
        ...{ unset: { fromEnv: 'NOT_SET' }, blank: { fromEnv: 'BLANK' } },
        ...{ absent: { fromFile: directory.at('absent') }, empty: { fromFile: empty }, large: { fromFile: large } },
        folder: { fromFile: directory.at('folder') },
        below: { fromFile: directory.at('empty/below') },
      },
      { BLANK: '' },
    );
    expect(message.split('; ')).toEqual([
      'option unset: environment variable NOT_SET is not set for the daemon (process 42)',
      'option blank: environment variable BLANK is empty for the daemon (process 42)',
      `option absent: the daemon (process 42) cannot read ${directory.at('absent')}: no such file`,
      `option empty: ${empty} is empty`,
      `option large: ${large} is larger than 65536 bytes`,
      `option folder: ${directory.at('folder')} is not a regular file`,
      `option below: the daemon (process 42) cannot read ${directory.at('empty/below')}: ENOTDIR`,
    ]);
  });

  test('what is missing beside what was found brings no value into the message', async () => {
    await using directory = await temporaryDirectory();
    const path = await directory.write('key', 'hunter2-in-a-file');
    const message = await errorOf(
      { key: { fromFile: path }, id: { fromEnv: 'KEY_ID' }, region: 'eu-with-a-name', other: { fromEnv: 'NOT_SET' } },
      { KEY_ID: 'hunter2-in-env' },
    );
    expect(message).toBe('option other: environment variable NOT_SET is not set for the daemon (process 42)');
  });
});
