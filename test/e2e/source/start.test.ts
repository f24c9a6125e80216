import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { eventually } from '../../helper/eventually.ts';
import { addCredential, addTask } from '../../helper/task.ts';
import { follow, manifest, plain } from './followed.ts';

/** A daemon that cannot read its first snapshot yet, as a Git that has just begun holds the checkout. */
async function starting(cloudsync: Cloudsync) {
  await addCredential(cloudsync);
  await addTask(cloudsync, 'photos');
  await mkdir(cloudsync.directory.at('.git'));
  const lock = await cloudsync.directory.write('.git/index.lock', '');
  const daemon = cloudsync.start(['daemon', '--watch', 'off']);
  await eventually('the daemon holds its state', () =>
    existsSync(join(cloudsync.state, 'daemon.sock')) ? true : null,
  );
  return { ...daemon, lock };
}

const applied = /Tasks: 1 new/;

describe.concurrent('a daemon that is still starting', () => {
  test('takes SIGHUP for a wish to read again', async () => {
    await using cloudsync = await openCloudsync();
    const { pid, lock, finished } = await starting(cloudsync);
    process.kill(pid, 'SIGHUP');
    await rm(lock);
    await eventually('it has started', () =>
      existsSync(cloudsync.directory.at('tasks.d/photos.status.json')) ? true : null,
    );
    process.kill(pid, 'SIGTERM');
    expect(await finished).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(applied) });
  });

  test.for(['SIGTERM', 'SIGINT'] as const)('ends at %s without waiting for Git', async (signal) => {
    await using cloudsync = await openCloudsync();
    const { pid, lock, finished } = await starting(cloudsync);
    process.kill(pid, signal);
    // It would wait for this lock longer than for its end is waited here.
    const { exitCode, stderr } = await Promise.race([finished, eventually<never>('it ends', () => null)]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/Stopped\n$/) });
    expect(stderr).not.toMatch(applied);
    expect(existsSync(lock)).toBe(true);
    expect(existsSync(join(cloudsync.state, 'daemon.sock'))).toBe(false);
  });
});

test.concurrent('an index.lock that a Git which died has left is told of once, and nothing changes until it goes', async () => {
  await using followed = await follow({ layout: plain({ photos: '0' }) });
  const { directory, daemon, cloudsync } = followed;
  await mkdir(directory.at('.git'));
  const lock = await directory.write('.git/index.lock', '');
  await utimes(lock, new Date(1_000_000), new Date(1_000_000));
  await writeFile(directory.at('tasks.d/photos.yaml'), manifest('photos', '1'));
  for (const _ of [1, 2]) {
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(lock) });
  }
  expect(followed.everDone('update')).toEqual([]);

  await rm(lock);
  await followed.converged({ photos: '1' });
  expect(daemon.lines.filter(({ event }) => event === 'SourceUnavailable')).toHaveLength(1);
});
