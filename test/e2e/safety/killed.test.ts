import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { openWithTask } from '../../helper/task.ts';
import { rclone } from '../../run/local-task.ts';

function named(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`file-${String(index).padStart(2, '0')}`, 'x']),
  );
}

test('a run that is killed with its rclone while it deletes leaves the next one what is left of the limit', async () => {
  await using cloudsync = await openWithTask({ transferMode: 'SYNC' }, named(40));
  const cloud = cloudsync.directory.at('cloud/photos');
  const gone = async (from: number, to: number) => {
    for (const name of Object.keys(named(40)).slice(from, to)) await rm(cloudsync.directory.at('local/photos', name));
  };
  expect((await cloudsync.run('run', 'photos')).exitCode).toBe(0);
  await gone(0, 18);
  const killed = Object.keys(named(40))
    .slice(0, 6)
    .map((name) => `rm '${join(cloud, name)}'`);
  const script = ['#!/bin/sh', `case "$1 $*" in *--dry-run*) ;; sync*)`, ...killed, 'kill -9 $PPID $$ ;; esac'];
  const binary = await cloudsync.directory.write('killed-rclone', [...script, `exec '${rclone}' "$@"`, ''].join('\n'));
  await chmod(binary, 0o755);

  const first = await cloudsync.run('--rclone', binary, 'run', 'photos');
  await gone(18, 24);
  const second = await cloudsync.json<{ outcome: string; lastError: string }>('run', 'photos');
  const files = Object.keys(await readTree(cloud));
  const dry = await cloudsync.run('run', 'photos', '--dry-run');
  await writeTree(cloudsync.directory.at('local/photos'), Object.fromEntries(Object.entries(named(40)).slice(18, 24)));
  const third = await cloudsync.run('run', 'photos');

  expect(first.exitCode).toBeNull();
  expect(second).toMatchObject({ exitCode: 3, document: { outcome: 'Blocked' } });
  expect(second.document.lastError).toMatch(/after 6 of 40 by runs that did not come to their end, .* which is 20; /);
  expect(files).toHaveLength(34);
  expect(dry.exitCode).toBe(3);
  expect(third.exitCode).toBe(0);
});
