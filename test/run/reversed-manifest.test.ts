import { describe, expect, test } from 'vitest';
import type { Encryption } from '../../src/model/task.ts';
import { reversedManifest } from '../../src/run/restore/reversed-manifest.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';

const password = { fromEnv: 'CRYPT_PASSWORD' };
const salt = { fromFile: '/run/secrets/salt' };

async function encryptionIn(encryption: Encryption | null): Promise<unknown> {
  const task = resolvedTask('photos', { spec: taskSpec({ encryption }) });
  const manifest = await reversedManifest(task, { directory: '/back', backup: null, include: [] });
  if (!manifest.ok) throw new Error(manifest.error);
  return (manifest.value as { spec: { encryption?: unknown } }).spec.encryption;
}

describe('the manifest that restores a task decrypts as the task encrypts', () => {
  test.each([
    ['with a salt', salt],
    ['without one', null],
  ])('%s', async (_, given) => {
    for (const filenames of [true, false]) {
      const expected = { password, filenames, ...(given === null ? {} : { salt: given }) };
      expect(await encryptionIn({ password, salt: given, filenames })).toEqual(expected);
    }
  });

  test('not at all', async () => {
    expect(await encryptionIn(null)).toBeUndefined();
  });
});
