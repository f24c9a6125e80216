import fs from 'node:fs';
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeClock } from '../helper/fake-clock.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { collect } from './collector.ts';
import { beforeWatching } from './interception.ts';

/** As git-sync and the kubelet do: the link is made aside and renamed into place. */
async function pointLink(link: string, target: string): Promise<void> {
  await symlink(target, `${link}_tmp`);
  await rename(`${link}_tmp`, link);
}

async function withTasks(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  await directory.write('tasks.d/a.yaml', '1');
  return directory;
}

describe('edits', () => {
  test('the first reading is there when the source is', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'));
    expect(collector.readings.length).toBeGreaterThan(0);
    await collector.untilFiles({ 'a.yaml': '1' });
  });

  test('an edit in place, a new file, a removed one, a new folder', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'));
    await directory.write('tasks.d/a.yaml', '2');
    await collector.untilFiles({ 'a.yaml': '2' });
    await directory.write('tasks.d/b.yml', 'b');
    await collector.untilFiles({ 'a.yaml': '2', 'b.yml': 'b' });
    await unlink(directory.at('tasks.d/a.yaml'));
    await collector.untilFiles({ 'b.yml': 'b' });
    await directory.write('tasks.d/sub/deep/c.yaml', 'c');
    await collector.untilFiles({ 'b.yml': 'b', 'sub/deep/c.yaml': 'c' });
    await directory.write('tasks.d/sub/deep/c.yaml', 'c2');
    await collector.untilFiles({ 'b.yml': 'b', 'sub/deep/c.yaml': 'c2' });
  });

  test('in the deepest of very many folders', async () => {
    await using directory = await temporaryDirectory();
    const deepest = ['tasks.d', ...Array.from({ length: 200 }, (_, depth) => `d${depth}`), 'a.yaml'].join('/');
    await directory.write(deepest, '1');
    for (let index = 0; index < 500; index += 1) await mkdir(directory.at(`tasks.d/f${index}`));
    await using collector = await collect(directory.at('tasks.d'), { resyncMs: 1_000_000_000 });
    for (const _ of ['watchers started', 'nothing new']) await collector.source.reconcile();
    await directory.write(deepest, '2');
    await collector.untilFiles({ [deepest.slice('tasks.d/'.length)]: '2' });
  });

  test('a change between the reading and the start of the watcher', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('tasks.d/sub/a.yaml', 'before');
    using _ = beforeWatching((path) => {
      if (path.endsWith('/sub')) fs.writeFileSync(join(path, 'a.yaml'), 'after');
    });
    await using collector = await collect(directory.at('tasks.d'));
    await collector.untilFiles({ 'sub/a.yaml': 'after' });
  });

  test('an editor that writes a temporary file and renames it, again and again', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'));
    for (const text of ['2', '3', '4']) {
      await directory.write('tasks.d/.a.yaml.swp', text);
      await rename(directory.at('tasks.d/.a.yaml.swp'), directory.at('tasks.d/a.yaml'));
      await collector.untilFiles({ 'a.yaml': text });
    }
  });
});

describe('directories that are replaced', () => {
  test('git-sync swaps its link three times and removes the old worktree', async () => {
    await using directory = await temporaryDirectory();
    const commits = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40));
    const worktree = (commit: string | undefined) => `root/.worktrees/${commit}`;
    await directory.write(`${worktree(commits[0])}/tasks.d/a.yaml`, 'a');
    await symlink(`.worktrees/${commits[0]}`, directory.at('root/current'));
    await using collector = await collect(directory.at('root/current/tasks.d'));

    for (const [index, commit] of commits.entries()) {
      if (index === 0) continue;
      await directory.write(`${worktree(commit)}/tasks.d/a.yaml`, `${commit}`);
      await pointLink(directory.at('root/current'), `.worktrees/${commit}`);
      await rm(directory.at(worktree(commits[index - 1])), { recursive: true });
      const reading = await collector.untilFiles({ 'a.yaml': commit });
      expect(reading.ok && reading.value.revision).toBe(commit);
    }
    await directory.write('root/current/tasks.d/a.yaml', 'edited');
    await collector.untilFiles({ 'a.yaml': 'edited' });
  });

  test('a ConfigMap swaps `..data`', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('map/..2026_1/a.yaml', '1');
    await directory.write('map/..2026_1/sub/b.yaml', 'b1');
    await symlink('..2026_1', directory.at('map/..data'));
    await symlink('..data/a.yaml', directory.at('map/a.yaml'));
    await symlink('..data/sub', directory.at('map/sub'));
    await using collector = await collect(directory.at('map'));
    await collector.untilFiles({ 'a.yaml': '1', 'sub/b.yaml': 'b1' });
    for (const version of [2, 3]) {
      await directory.write(`map/..2026_${version}/a.yaml`, `${version}`);
      await directory.write(`map/..2026_${version}/sub/b.yaml`, `b${version}`);
      await pointLink(directory.at('map/..data'), `..2026_${version}`);
      await rm(directory.at(`map/..2026_${version - 1}`), { recursive: true });
      await collector.untilFiles({ 'a.yaml': `${version}`, 'sub/b.yaml': `b${version}` });
    }
  });

  test('removed and made again', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'));
    for (const text of ['2', '3']) {
      await rm(directory.at('tasks.d'), { recursive: true });
      await directory.write('tasks.d/a.yaml', text);
      await collector.untilFiles({ 'a.yaml': text });
    }
    await rm(directory.at('tasks.d'), { recursive: true });
    await collector.untilUnavailable('Missing');
    await directory.write('tasks.d/b.yaml', 'b');
    await collector.untilFiles({ 'b.yaml': 'b' });
  });

  test('another directory is moved into its place, and edited there', async () => {
    await using directory = await withTasks();
    await directory.write('new/a.yaml', 'new');
    await using collector = await collect(directory.at('tasks.d'));
    await rename(directory.at('tasks.d'), directory.at('old'));
    await rename(directory.at('new'), directory.at('tasks.d'));
    await collector.untilFiles({ 'a.yaml': 'new' });
    await directory.write('tasks.d/a.yaml', 'edited');
    await collector.untilFiles({ 'a.yaml': 'edited' });
  });

  test('the whole checkout around it is replaced', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('checkout/tasks.d/a.yaml', '1');
    await directory.write('next/tasks.d/a.yaml', '2');
    await using collector = await collect(directory.at('checkout/tasks.d'));
    await rename(directory.at('checkout'), directory.at('old'));
    await rename(directory.at('next'), directory.at('checkout'));
    await collector.untilFiles({ 'a.yaml': '2' });
    await directory.write('checkout/tasks.d/a.yaml', '3');
    await collector.untilFiles({ 'a.yaml': '3' });
  });

  test('the directory, and the one above it, change places over and over, seen by events alone', async () => {
    await using directory = await temporaryDirectory();
    const write = (place: string, text: string) => directory.write(`${place}/tasks.d/a.yaml`, text);
    await write('checkout', '0');
    await using collector = await collect(directory.at('checkout/tasks.d'), { resyncMs: 1_000_000_000 });
    for (let round = 1; round <= 10; round += 1) {
      // No pass is due any more that would see it by chance, and both renames are done before anybody could look.
      for (const _ of ['watchers started', 'nothing new']) await collector.source.reconcile();
      const [from, to] = round % 2 === 0 ? ['next', 'checkout'] : ['checkout/next', 'checkout/tasks.d'];
      await directory.write(round % 2 === 0 ? 'next/tasks.d/a.yaml' : 'checkout/next/a.yaml', `${round}`);
      fs.renameSync(directory.at(to), directory.at(`old${round}`));
      fs.renameSync(directory.at(from), directory.at(to));
      await collector.untilFiles({ 'a.yaml': `${round}` });
    }
  });

  test('a directory that is not there yet', async () => {
    await using directory = await temporaryDirectory();
    await using collector = await collect(directory.at('some/where/tasks.d'));
    await collector.untilUnavailable('Missing');
    await mkdir(directory.at('some'));
    await directory.write('some/where/tasks.d/a.yaml', '1');
    await collector.untilFiles({ 'a.yaml': '1' });
  });
});

describe('passes', () => {
  test('a pass that was asked for sees what was written before', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'), { mode: 'off' });
    await writeFile(directory.at('tasks.d/a.yaml'), 'asked');
    await collector.source.reconcile();
    await collector.untilFiles({ 'a.yaml': 'asked' });
  });

  test('calls during a pass share the one that follows it', async () => {
    await using directory = await withTasks();
    await using collector = await collect(directory.at('tasks.d'), { mode: 'off' });
    const before = collector.readings.length;
    const running = collector.source.reconcile();
    await Promise.all([running, collector.source.reconcile(), collector.source.reconcile()]);
    expect(collector.readings.length - before).toBe(2);
  });

  test('nothing is read and no one is told after the end', async () => {
    await using directory = await withTasks();
    const collector = await collect(directory.at('tasks.d'));
    const under = collector.source.reconcile();
    const after = collector.source.reconcile();
    await collector.source.close();
    const count = collector.readings.length;
    await Promise.all([under, after, collector.source.reconcile()]);
    expect(collector.readings.length).toBe(count);
  });

  test('the directory is read again every 30 s, and every 5 s while that fails', async () => {
    await using directory = await withTasks();
    const clock = fakeClock();
    await using collector = await collect(directory.at('tasks.d'), { clock });
    await collector.source.reconcile();
    // The hint about the watchers that just started is still due.
    clock.advance(150);
    await collector.source.reconcile();

    const count = collector.readings.length;
    clock.advance(26_000);
    expect(clock.timers).toBe(1);
    clock.advance(8_000);
    await collector.until(() => collector.readings.length === count + 1);

    await rm(directory.at('tasks.d'), { recursive: true });
    await collector.source.reconcile();
    await collector.source.reconcile();
    const failures = collector.readings.length;
    clock.advance(6_000);
    await collector.until(() => collector.readings.length > failures);
  });

  test('hints that never stop hold a pass back for 2 s at most', async () => {
    await using directory = await withTasks();
    const clock = fakeClock();
    await using collector = await collect(directory.at('tasks.d'), { clock, debounceMs: 150 });
    await collector.source.reconcile();
    await collector.source.reconcile();
    const count = collector.readings.length;
    for (let written = 0; collector.readings.length === count; written += 1) {
      await writeFile(directory.at('tasks.d/a.yaml'), `${written}`);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
      expect(clock.now()).toBeLessThan(Date.UTC(2026, 0, 1) + 26_000);
    }
  });

  test('without events the directory is read every 5 s', async () => {
    await using directory = await withTasks();
    const clock = fakeClock();
    await using collector = await collect(directory.at('tasks.d'), { clock, mode: 'poll' });
    await writeFile(directory.at('tasks.d/a.yaml'), 'polled');
    expect(clock.timers).toBe(1);
    clock.advance(5_500);
    await collector.untilFiles({ 'a.yaml': 'polled' });
  });
});

describe('exhausted inotify', () => {
  test.each([
    ['ENOSPC', -28],
    ['EMFILE', -24],
  ])('%s: says so once, and reads every 5 s', async (code, errno) => {
    await using directory = await withTasks();
    await directory.write('tasks.d/sub/b.yaml', 'b');
    using _ = beforeWatching(() => {
      throw Object.assign(new Error('no more watches'), { code, errno });
    });
    const clock = fakeClock();
    await using collector = await collect(join(directory.path, 'tasks.d'), { clock });
    expect(collector.degradations).toHaveLength(1);
    expect(collector.degradations[0]).toContain(code);
    expect(collector.degradations[0]).toContain('max_user_watches');

    await directory.write('tasks.d/a.yaml', '2');
    clock.advance(5_500);
    await collector.untilFiles({ 'a.yaml': '2', 'sub/b.yaml': 'b' });
    expect(collector.degradations).toHaveLength(1);
  });
});
