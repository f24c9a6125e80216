import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { addTask, jsonFile, openWithTask, rclonePid, ready, usePatientRclone, useScript } from '../../helper/task.ts';

/** No file may grow any more, or any file may: a full disk for one process, which needs no right to mount one. */
function limitFiles(pid: number, limit: '0' | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:unlimited`]);
}

interface StatusFile {
  readonly status: { readonly lastRun: { readonly outcome: string } | null };
}

test.concurrent('a disk that fills up during a run loses nothing, and starts nothing that it could not remember', async () => {
  await using cloudsync = await openWithTask();
  await addTask(cloudsync, 'music');
  await usePatientRclone(cloudsync);
  const daemon = await cloudsync.daemon();
  const running = cloudsync.start(['run', 'photos']);
  await daemon.logged('RunLog', { line: ready });
  const rclone = await rclonePid(cloudsync);

  limitFiles(daemon.pid, '0');
  process.kill(rclone, 'SIGUSR2');
  expect((await running.finished).exitCode).toBe(0);
  expect(await daemon.logged('WriteFailed', { path: 'history/photos.json' })).toMatchObject({ level: 'error' });
  const refused = await cloudsync.json<{ readonly lastError: string }>('run', 'music');
  expect(refused).toMatchObject({ exitCode: 1, document: { outcome: 'Failed', exitCode: null, log: null } });
  expect(refused.document.lastError).toMatch(/could not be entered in the journal/);
  expect(await rclonePid(cloudsync)).toBe(rclone);

  limitFiles(daemon.pid, 'unlimited');
  await useScript(cloudsync);
  expect(await cloudsync.run('run', 'music')).toMatchObject({ exitCode: 0 });
  daemon.signal('SIGHUP');
  const status = cloudsync.directory.at('tasks.d/photos.status.json');
  await jsonFile<StatusFile>(status, (file) => file.status.lastRun?.outcome === 'Succeeded');
  expect(await daemon.stop()).toBe(0);
  expect((await cloudsync.json('history', 'photos')).document).toMatchObject([{ outcome: 'Succeeded' }]);
  expect((await cloudsync.json('history', 'music')).document).toMatchObject([
    { outcome: 'Succeeded' },
    { outcome: 'Failed' },
  ]);
});

test.concurrent('apply on a full disk says that it could not record, and changes nothing', async () => {
  await using cloudsync = await openWithTask({ schedule: 'daily' });
  await cloudsync.run('apply');
  await addTask(cloudsync, 'photos', { schedule: 'weekly' });

  const { exitCode, stderr } = await cloudsync.start(['apply'], ['prlimit', '--fsize=0']).finished;

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/nothing was applied: the change could not be saved: EFBIG/);
  expect((await cloudsync.json('plan')).document).toMatchObject({ summary: { update: 1 } });
});
