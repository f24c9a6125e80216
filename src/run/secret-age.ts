import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode } from '../model/system-error.ts';

const identityVariable = 'CLOUDSYNC_AGE_IDENTITY_FILE';

/** Decrypts an armoured age text with the identities of the file that the environment names, one on each line. */
export async function readAge(armoured: string, environment: NodeJS.ProcessEnv): Promise<Result<string, string>> {
  const path = environment[identityVariable];
  if (path === undefined || path === '') {
    return err(`an age text needs ${identityVariable} to name the file with the identity to decrypt it`);
  }
  const identities = await readIdentities(path);
  if (!identities.ok) return identities;
  // Only those who keep secrets in Git pay for loading it.
  const { armor, Decrypter } = await import('age-encryption');
  try {
    const decrypter = new Decrypter();
    for (const identity of identities.value) decrypter.addIdentity(identity);
    const text = (await decrypter.decrypt(armor.decode(armoured), 'text')).replace(/\r?\n$/, '');
    return text === '' ? err('the age text holds nothing') : ok(text);
  } catch {
    // The library's own words may quote the text or the identity.
    return err(`the age text cannot be decrypted with the identities in ${path}; was it made for another recipient?`);
  }
}

async function readIdentities(path: string): Promise<Result<readonly string[], string>> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
    const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'));
    return identities.length === 0 ? err(`${path} holds no age identity (AGE-SECRET-KEY-…)`) : ok(identities);
  } catch (error) {
    return err(`cannot read ${path}: ${errorCode(error) || String(error)}`);
  }
}
