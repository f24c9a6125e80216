import { chmod, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { remoteLocation } from '../../helper/build.ts';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { eventually } from '../../helper/eventually.ts';
import { readTree, writeOldTree, writeTree } from '../../helper/file-tree.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from '../../helper/manifest.ts';
import { addCredential } from '../../helper/task.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask, rclone } from '../../run/local-task.ts';
import { meddlingRclone, rememberedRuns } from '../../run/remembered-run.ts';

const whole = 'the whole of a file that takes its time';
const flags = ['ignore-existing', 'update', 'immutable'] as const;

/** In its first transfer, rclone is killed with a part of a file under its final name, as versions before 1.63 leave it. */
function dying(directory: TemporaryDirectory): Promise<string> {
  const file = directory.at('remote/photos/sub/a.txt');
  const cut = `mkdir -p '${directory.at('remote/photos/sub')}'; printf 'the who' > '${file}'`;
  return meddlingRclone(directory, `if [ "$runs" = 1 ]; then ${cut}; kill -9 $$; fi`);
}

describe.concurrent.each(['COPY', 'SYNC'] as const)('a file that a %s left cut off', (transferMode) => {
  async function cutOff(directory: TemporaryDirectory, flag: string, limit: number) {
    await writeTree(directory.at('source'), { 'sub/a.txt': whole, 'b.txt': 'b', 'theirs.txt': 'ours' });
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(directory.at('source/sub/a.txt'), yesterday, yesterday);
    const kept: Readonly<Record<string, string>> = flag === 'ignore-existing' ? { 'theirs.txt': 'kept as it is' } : {};
    const rcloneFlags = { [flag]: true };
    const task = await localTask(directory, 'photos', { transferMode, rcloneFlags, retry: { limit, backoffMs: 1 } });
    await writeTree(directory.at('remote/photos'), kept);
    return { task, expected: { 'b.txt': 'b', 'sub/a.txt': whole, 'theirs.txt': 'ours', ...kept } };
  }

  test.for(flags)('is written again by the next attempt, with %s', async (flag) => {
    await using directory = await temporaryDirectory();
    const { task, expected } = await cutOff(directory, flag, 1);
    const { run } = rememberedRuns(directory);
    const { ending } = await run(task, {}, await dying(directory));
    expect(ending).toMatchObject({ outcome: 'Succeeded', attempt: 2 });
    expect(await readTree(directory.at('remote/photos'))).toEqual(expected);
  });

  test.for(flags)('is written again by the next run, with %s, and the dry run says so', async (flag) => {
    await using directory = await temporaryDirectory();
    const { task, expected } = await cutOff(directory, flag, 0);
    const runs = rememberedRuns(directory);
    const first = await runs.run(task, {}, await dying(directory));
    expect(first.ending).toMatchObject({ outcome: 'Failed', attempt: 1 });
    expect(await runs.cutOffs.all()).toMatchObject([{ expected: { paths: expect.arrayContaining(['sub/a.txt']) } }]);
    const dry = await runs.run(task, { dryRun: true });
    const told = dry.heard.events.flatMap((event) => (event.type === 'RunChange' ? [event.change.path] : []));
    expect(told).toContain('sub/a.txt');
    expect(new Set(told).size).toBe(told.length);

    expect((await runs.run(task)).ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('remote/photos'))).toEqual(expected);
    expect(await runs.cutOffs.all()).toEqual([]);
    expect((await runs.run(task)).ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 0 } });
  });
});

/** A PULL of two files that is killed with its daemon, and a folder that has a good copy of one of them. */
async function killedPull(spec: WrittenSpec = {}): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  const { directory } = cloudsync;
  await addCredential(cloudsync);
  await writeOldTree(directory.at('cloud/photos'), { 'sub/[a].txt': whole, 'b.txt': 'b' });
  await writeOldTree(directory.at('cloud/second'), { 'sub/[a].txt': whole });
  await writeOldTree(directory.at('local/photos'), { 'b.txt': 'b' });
  await cloudsync.manifest('pull.yaml', manifestOf('pull', { direction: 'PULL', ...spec }));
  const file = directory.at('local/photos/sub/[a].txt');
  const script = [
    '#!/bin/sh',
    `case "$1 $*" in *--dry-run*) ;; sync*|copy*) mkdir -p '${directory.at('local/photos/sub')}'`,
    `printf 'the who' > '${file}'; kill -9 $PPID $$ ;; esac`,
    `exec '${rclone}' "$@"`,
  ];
  const binary = await directory.write('killed-rclone', `${script.join('\n')}\n`);
  await chmod(binary, 0o755);
  expect((await cloudsync.run('--rclone', binary, 'run', 'pull')).exitCode).toBeNull();
  return cloudsync;
}

function manifestOf(name: string, spec: WrittenSpec): object {
  return taskManifest(name, { path: '../local/photos', remote: { credential: 'here', folder: 'photos' }, ...spec });
}

const second = { remote: { credential: 'here', folder: 'second' } };

interface Told {
  readonly outcome: string;
  readonly warnings: readonly string[];
}

describe.concurrent('a file that a PULL left cut off at a place', () => {
  test.for(['SYNC', 'COPY', 'MOVE'])('is left out by a %s of another task, and its good copy stays', async (mode) => {
    await using cloudsync = await killedPull();
    const { directory } = cloudsync;
    await rm(directory.at('state/memory'), { recursive: true });
    await cloudsync.manifest('push.yaml', manifestOf('push', { ...second, transferMode: mode }));

    const dry = await cloudsync.json<Told>('run', 'push', '--dry-run');
    const pushed = await cloudsync.json<Told>('run', 'push');

    for (const { document } of [dry, pushed]) {
      expect(document).toMatchObject({
        outcome: 'SucceededWithWarnings',
        warnings: [
          expect.stringMatching(/^left out: 1 file may be cut off \(sub\/\[a\]\.txt\), as a run of task pull/),
        ],
      });
    }
    expect(await readTree(directory.at('cloud/second'))).toEqual({ 'sub/[a].txt': whole, 'b.txt': 'b' });
    expect((await readTree(directory.at('local/photos')))['sub/[a].txt']).toBe('the who');
  });

  test('is written again by the task under another name and spec, and then read by all', async () => {
    await using cloudsync = await killedPull();
    const { directory } = cloudsync;
    await rm(directory.at('tasks.d/pull.yaml'));
    await cloudsync.manifest('again.yaml', manifestOf('again', { direction: 'PULL', description: 'another spec' }));
    await cloudsync.manifest('push.yaml', manifestOf('push', { ...second, transferMode: 'SYNC' }));

    expect((await cloudsync.json<Told>('run', 'again')).document.outcome).toBe('Succeeded');
    const pushed = await cloudsync.json<Told>('run', 'push');

    expect(pushed.document).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    expect(await readdir(directory.at('state/cut-off'))).toEqual([]);
    expect(await readTree(directory.at('cloud/second'))).toEqual({ 'sub/[a].txt': whole, 'b.txt': 'b' });
  });

  test('is written again by another task that ignores what exists, and one that is not known is named', async () => {
    const flags = { rcloneFlags: { 'ignore-existing': true } };
    await using known = await killedPull(flags);
    await known.manifest('again.yaml', manifestOf('again', { direction: 'PULL', ...flags, description: 'another' }));
    expect((await known.json<Told>('run', 'again')).document).toMatchObject({ outcome: 'Succeeded' });
    expect((await readTree(known.directory.at('local/photos')))['sub/[a].txt']).toBe(whole);

    await using unknown = await killedPull();
    await unknown.manifest('again.yaml', manifestOf('again', { direction: 'PULL', ...flags }));
    expect((await unknown.json<Told>('run', 'again')).document).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [
        expect.stringMatching(/^kept at the destination by rcloneFlags ignore-existing: 1 file may be cut off/),
      ],
    });
  });

  test('is known in the folder above, in one below, and in a folder that was renamed', async () => {
    await using cloudsync = await killedPull();
    const { directory } = cloudsync;
    const folder = (path: string, to: string) => ({ path, remote: { credential: 'here', folder: to } });
    await cloudsync.manifest('above.yaml', manifestOf('above', folder('../local', 'above')));
    await cloudsync.manifest('below.yaml', manifestOf('below', folder('../local/photos/sub', 'below')));
    await cloudsync.manifest('moved.yaml', manifestOf('moved', folder('../local/moved', 'moved')));

    for (const name of ['above', 'below']) {
      expect((await cloudsync.json<Told>('run', name)).document.warnings).toMatchObject([/may be cut off/]);
    }
    await rename(directory.at('local/photos'), directory.at('local/moved'));
    await cloudsync.run('run', 'moved');
    for (const name of ['above', 'below', 'moved']) {
      expect(Object.values(await readTree(directory.at('cloud', name)))).not.toContain('the who');
    }
  });

  test('counts as whole when somebody has written it, and as gone when it is removed', async () => {
    await using written = await killedPull();
    await written.manifest('push.yaml', manifestOf('push', second));
    const file = written.directory.at('local/photos/sub/[a].txt');
    await writeFile(file, 'by hand');
    const later = Date.now() / 1000 + 60;
    await utimes(file, later, later);
    expect((await written.json<Told>('run', 'push')).document).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    expect((await readTree(written.directory.at('cloud/second')))['sub/[a].txt']).toBe('by hand');
    expect(await readdir(written.directory.at('state/cut-off'))).toEqual([]);

    await using removed = await killedPull();
    await removed.manifest('push.yaml', manifestOf('push', { ...second, transferMode: 'SYNC' }));
    await rm(removed.directory.at('local/photos/sub/[a].txt'));
    expect((await removed.json<Told>('run', 'push')).document).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    expect(await readTree(removed.directory.at('cloud/second'))).toEqual({ 'b.txt': 'b' });
  });

  test('is no equal of the other side, and is named when it is restored', async () => {
    await using cloudsync = await killedPull();
    const { directory } = cloudsync;
    const folder = { remote: { credential: 'here', folder: 'third' } };
    await writeTree(directory.at('cloud/third'), await readTree(directory.at('local/photos')));
    await cloudsync.manifest('push.yaml', manifestOf('push', folder));
    const checked = await cloudsync.json<{ verdict: string; files: readonly object[] }>('check', 'push');
    expect(checked.document).toMatchObject({
      verdict: 'Different',
      files: [{ found: 'differing', path: 'sub/[a].txt', detail: expect.stringContaining('cut off at the source') }],
    });

    const of = { root: '../local' };
    await cloudsync.manifest('local.yaml', credentialManifest('disk', { provider: 'local', options: of }));
    const far = { remote: { credential: 'disk', folder: 'photos' }, path: '../cloud/fourth' };
    await cloudsync.manifest('other.yaml', manifestOf('other', far));
    const restored = await cloudsync.json<Told>('restore', 'other', '--to', directory.at('back'));
    expect(restored.document, restored.stderr).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [expect.stringMatching(/^restored: 1 file may be cut off \(sub\/\[a\]\.txt\)/)],
    });
  });
});

test('what the real rclone leaves when it is killed is sent nowhere', async () => {
  await using directory = await temporaryDirectory();
  await writeOldTree(directory.at('remote/photos'), { big: 'x'.repeat(4_000_000) });
  const good = 'y'.repeat(4_000_000);
  await writeOldTree(directory.at('remote/second'), { big: good });
  const runs = rememberedRuns(directory);
  const bandwidthLimit = [{ weekday: null, time: null, limit: { up: 100_000, down: 100_000 } }];
  const pull = await localTask(directory, 'pull', { direction: 'PULL', bandwidthLimit });
  const cut = runs.run(pull, {}, rclone, async (pid) => {
    await eventually('a part of the file', async () => {
      const names = await readdir(directory.at('source'));
      const sizes = await Promise.all(names.map(async (name) => (await stat(directory.at('source', name))).size));
      return sizes.some((size) => size > 0) ? true : null;
    });
    process.kill(pid, 'SIGKILL');
  });
  expect((await cut).ending).toMatchObject({ outcome: 'Failed' });
  expect(Object.keys(await readTree(directory.at('source')))).toHaveLength(1);

  const push = await localTask(directory, 'push', {
    transferMode: 'SYNC',
    remote: remoteLocation({ folder: 'second' }),
  });
  const pushed = await runs.run(push);

  expect(pushed.ending.warnings).toEqual([expect.stringContaining('1 file may be cut off')]);
  expect(await readTree(directory.at('remote/second'), 5_000_000)).toEqual({ big: good });
});
