import { describe, expect, test } from 'vitest';
import { openCloudsync } from '../helper/cloudsync.ts';
import { credentialManifest } from '../helper/manifest.ts';
import { addTask } from '../helper/task.ts';

async function openWithSecret() {
  const cloudsync = await openCloudsync();
  const options = { host: 'nas.invalid', user: 'me', pass: { fromEnv: 'NAS_PASSWORD' }, accept_unknown_host_key: true };
  await cloudsync.manifest('nas.yaml', credentialManifest('nas', { provider: 'sftp', options }));
  await addTask(cloudsync, 'photos', { remote: { credential: 'nas', folder: 'photos' }, schedule: 'daily' });
  return cloudsync;
}

describe.concurrent('a secret that is missing', () => {
  test('is named with the daemon that lacks it, at its start and in a plan, though the asker has it', async () => {
    await using cloudsync = await openWithSecret();
    const daemon = await cloudsync.daemon();
    const sentence =
      'runs will fail: credential nas: option pass: environment variable NAS_PASSWORD is not set for the daemon (process ';
    const event = JSON.stringify(await daemon.logged('Reconciled'));
    expect(event).toContain('"level":"warning"');
    Object.assign(cloudsync.environment, { NAS_PASSWORD: 'secret' });
    const plan = await cloudsync.run('plan');
    expect(plan.stdout).toContain(sentence);
    expect((await cloudsync.run('run', 'photos')).stdout).toContain('NAS_PASSWORD is not set for the daemon (process ');
  });

  test('is named with the command that lacks it, where no daemon runs', async () => {
    await using cloudsync = await openWithSecret();
    // Another process will run the task, with variables of its own.
    expect((await cloudsync.run('plan')).stdout).not.toContain('NAS_PASSWORD');
    expect((await cloudsync.run('run', 'photos')).stdout).toContain(
      'NAS_PASSWORD is not set for this command (process ',
    );
  });
});

test('a daemon that is process 1 asks for an init', async () => {
  await using cloudsync = await openCloudsync();
  const daemon = await cloudsync.daemonWithin(['unshare', '-r', '--pid', '--fork', '--mount-proc', '--kill-child']);
  expect(await daemon.logged('NoInit')).toMatchObject({ message: expect.stringContaining('docker run --init') });
});
