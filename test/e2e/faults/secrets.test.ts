import { mkdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { credentialManifest } from '../../helper/manifest.ts';
import { addCredential, addTask } from '../../helper/task.ts';

const webdav = { url: 'http://127.0.0.1:9/', vendor: 'other', user: 'alice' };

/** What cannot be looked up, or reached, at the moment of the run. */
const faults = [
  {
    fault: 'a missing variable',
    pass: { fromEnv: 'NOT_THERE' },
    says: /far: option pass: environment variable NOT_THERE is not set/,
  },
  { fault: 'an empty variable', pass: { fromEnv: 'EMPTY' }, says: /environment variable EMPTY is empty/ },
  {
    fault: 'a missing file',
    pass: { fromFile: '../secrets/none' },
    says: /cannot read \/.*\/secrets\/none: no such file/,
  },
  { fault: 'a directory for a file', pass: { fromFile: '../secrets' }, says: /secrets is not a regular file/ },
  {
    fault: 'nothing that listens',
    pass: { fromEnv: 'GOOD' },
    says: /could not connect to 127\.0\.0\.1:9 \(connection refused\)/,
  },
] as const;

test.concurrent.for(faults)('$fault fails this task with one sentence, and no other', async ({ pass, says }) => {
  await using cloudsync = await openCloudsync();
  Object.assign(cloudsync.environment, { EMPTY: '', GOOD: 'CANARY-good' });
  await mkdir(cloudsync.directory.at('secrets'));
  await addCredential(cloudsync);
  await cloudsync.manifest('far.yaml', credentialManifest('far', { provider: 'webdav', options: { ...webdav, pass } }));
  await addTask(cloudsync, 'photos');
  await addTask(cloudsync, 'music', { remote: { credential: 'far', folder: 'music' } });
  const daemon = await cloudsync.daemon();

  const failed = await cloudsync.json<{ readonly lastError: string }>('run', 'music');
  expect(failed).toMatchObject({
    exitCode: 1,
    document: { outcome: 'Failed', lastError: expect.stringMatching(says) },
  });
  expect(failed.document.lastError).not.toContain('\n');
  expect(await daemon.logged('RunFinished', { task: 'music' })).toMatchObject({ level: 'error', outcome: 'Failed' });
  expect(await cloudsync.json('run', 'photos')).toMatchObject({ document: { outcome: 'Succeeded' } });
});
