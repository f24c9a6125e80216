import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findMissingSecrets } from '../../src/run/missing-secrets.ts';
import { credentialSpec, resolvedTask, taskSpec } from '../helper/build.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const processName = 'the daemon (process 42)';

test('names by task what variables and files are missing, whichever part of the task needs them', async () => {
  await using directory = await temporaryDirectory();
  const key = await directory.write('key', 'secret');
  const options = { account: { fromEnv: 'ACCOUNT' }, key: { fromFile: key }, region: 'eu' };
  const credential = credentialSpec({ provider: 's3', options });
  const encryption = { password: { fromEnv: 'PASSWORD' }, salt: { fromFile: directory.at('salt') }, filenames: true };
  const tasks = [
    resolvedTask('plain', { credential }),
    resolvedTask('encrypted', { spec: taskSpec({ encryption }), credential }),
    resolvedTask('section', { credential: null }),
  ];
  const missing = await findMissingSecrets(tasks, { environment: { ACCOUNT: '' }, processName });
  const account = `credential here: option account: environment variable ACCOUNT is empty for ${processName}`;
  expect([...missing]).toEqual([
    ['plain', [account]],
    [
      'encrypted',
      [
        account,
        `encryption: option password: environment variable PASSWORD is not set for ${processName}`,
        `encryption: option salt: ${processName} cannot read ${directory.at('salt')}: no such file`,
      ],
    ],
  ]);
});

test('runs no command and decrypts nothing to find out', async () => {
  await using directory = await temporaryDirectory();
  const touch = { fromCommand: ['touch', directory.at('run')] };
  const credential = credentialSpec({ provider: 's3', options: { key: touch, other: { age: 'no age text' } } });
  const missing = await findMissingSecrets([resolvedTask('a', { credential })], { environment: {}, processName });
  expect(missing.size).toBe(0);
  expect(await readdir(directory.path)).toEqual([]);
});
