import { execFileSync } from 'node:child_process';
import { chmod, lchown, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { moveMark } from '../../src/state/earlier-state.ts';
import { moveState } from '../../src/state/move-state.ts';
import { readTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

async function withEarlier() {
  const directory = await temporaryDirectory();
  const from = directory.at('tasks.d/.cloudsync');
  await directory.write('tasks.d/.cloudsync/active.ndjson', 'active\n');
  await directory.write('tasks.d/.cloudsync/tokens/box/rclone.conf', 'token');
  await directory.write('tasks.d/.cloudsync/daemon.pid', '1\n');
  await chmod(from, 0o700);
  await chmod(join(from, 'tokens'), 0o700);
  await chmod(join(from, 'tokens/box/rclone.conf'), 0o600);
  const steps: string[] = [];
  const move = (to: string, dryRun = false) => moveState({ from, to, dryRun, onStep: (step) => steps.push(step) });
  return { ...directory, from, steps, move };
}

const moved = { 'active.ndjson': 'active\n', 'tokens/box/rclone.conf': 'token' };

describe('moveState', () => {
  test('on one file system renames, also onto an empty directory', async () => {
    for (const isThere of [false, true]) {
      await using place = await withEarlier();
      const to = place.at('to');
      if (isThere) await mkdir(to);
      const { ino } = await stat(place.from);
      expect(await place.move(to)).toEqual({ ok: true, value: undefined });
      expect((await stat(to)).ino).toBe(ino);
      expect(await readTree(to)).toEqual(moved);
      expect(place.steps).toEqual([`move ${place.from} to ${to}`]);
    }
  });

  test('between file systems copies with rights, and leaves nothing behind', async () => {
    await using place = await withEarlier();
    const other = await mkdtemp('/dev/shm/cloudsync-test-');
    try {
      const to = join(other, 'state');
      expect((await stat(other)).dev).not.toBe((await stat(place.from)).dev);
      expect(await place.move(to)).toEqual({ ok: true, value: undefined });
      expect(await readTree(to)).toEqual(moved);
      expect((await stat(join(to, 'tokens/box/rclone.conf'))).mode & 0o777).toBe(0o600);
      expect((await stat(join(to, 'tokens'))).mode & 0o777).toBe(0o700);
      expect(await readdir(place.at('tasks.d'))).toEqual([]);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('a dry run says it, and does nothing', async () => {
    await using place = await withEarlier();
    const before = await readTree(place.path);
    expect(await place.move(place.at('to'), true)).toEqual({ ok: true, value: undefined });
    expect(place.steps).toEqual([`would move ${place.from} to ${place.at('to')}`]);
    expect(await readTree(place.path)).toEqual(before);
  });

  test.for<readonly [string, (from: string, to: string) => unknown, string]>([
    ['nothing to move', (from) => rm(from, { recursive: true }), 'nothing to move'],
    ['two states', (_, to) => execFileSync('sh', ['-c', `mkdir ${to} && echo > ${to}/active.ndjson`]), 'Decide which'],
    ['a link inside', (from) => symlink('/etc', join(from, 'tokens/link')), 'tokens/link is a link'],
    ['a pipe inside', (from) => execFileSync('mkfifo', [join(from, 'pipe')]), 'pipe is no file'],
    ['a file of another user', (from) => lchown(join(from, 'active.ndjson'), 12_345, 0), 'belongs to user 12345'],
    ['rights of others', (from) => chmod(from, 0o777), 'Other users may write'],
  ])('refuses %s, and leaves all as it is', async ([, spoil, says]) => {
    await using place = await withEarlier();
    await spoil(place.from, place.at('to'));
    const before = await readdir(place.path, { recursive: true });
    const done = await place.move(place.at('to'));
    expect(done.ok ? '' : done.error).toContain(says);
    expect(await readdir(place.path, { recursive: true })).toEqual(before);
  });

  test('goes on from a copy that was interrupted', async () => {
    await using place = await withEarlier();
    await place.write('to/move.json', '{}\n');
    await place.write('to/active.ndjson', 'half');
    await place.write('tasks.d/.cloudsync.moved/active.ndjson', 'of an earlier attempt');
    expect(await place.move(place.at('to'))).toEqual({ ok: true, value: undefined });
    expect(await readTree(place.path)).toEqual({
      'to/active.ndjson': 'active\n',
      'to/tokens/box/rclone.conf': 'token',
    });
    await place.write('to/move.json', '{}\n');
    expect(await place.move(place.at('to'))).toEqual({ ok: true, value: undefined });
    expect(await readdir(place.at('to'))).not.toContain(moveMark(''));
  });
});
