import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultStateDirectory } from '../../src/state/default-directory.ts';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { readTree } from '../helper/file-tree.ts';
import { commitAll, git } from '../helper/git-repository.ts';
import { openWithTask } from '../helper/task.ts';

const user = 65_534;
const asUser = (gid = user) => ['setpriv', `--reuid=${user}`, `--regid=${gid}`, '--clear-groups'];

/** Without any wish where the state shall lie. */
function wishNothing({ environment }: Cloudsync): void {
  delete environment['STATE_DIRECTORY'];
  delete environment['XDG_STATE_HOME'];
}

/** Everything belongs to a user who is not root; gives where the state of that user lies by default. */
async function openAsUser() {
  const cloudsync = await openWithTask({
    ...{ schedule: '0 0 1 1 *', transferMode: 'SYNC', safety: { backupFolder: '.trash' } },
  });
  wishNothing(cloudsync);
  execFileSync('chown', ['-R', `${user}:${user}`, cloudsync.directory.path]);
  const found = defaultStateDirectory(cloudsync.tasks, { HOME: cloudsync.directory.path }, user);
  if (!found.ok) throw new Error(found.error);
  const run = (...words: readonly string[]) => cloudsync.start(words, asUser()).finished;
  return Object.assign(cloudsync, { byDefault: found.value.path, run });
}

interface StatusDocument {
  readonly daemon: { readonly running: boolean };
}

async function isDaemonSeen(run: Cloudsync['run']): Promise<true | null> {
  const { stdout } = await run('-o', 'json', 'status');
  return stdout !== '' && (JSON.parse(stdout) as StatusDocument).daemon.running ? true : null;
}

describe.concurrent('by default', () => {
  test('every command of a user finds the state outside of the checkout', async () => {
    await using cloudsync = await openAsUser();
    const { run, byDefault, directory } = cloudsync;
    const daemon = cloudsync.start(['daemon'], asUser());
    await eventually('status finds the daemon', () => isDaemonSeen(run));

    expect(existsSync(join(byDefault, 'daemon.sock'))).toBe(true);
    expect(await readlink(join(dirname(byDefault), 'last'))).toBe(basename(byDefault));
    expect(existsSync(directory.at('tasks.d/.cloudsync'))).toBe(false);
    for (const text of ['first', 'another']) {
      await directory.write('local/photos/letter.txt', text);
      expect(await run('run', 'photos')).toMatchObject({ exitCode: 0 });
    }
    for (const [words, says] of [
      [['history', 'photos'], /Succeeded/],
      [['logs', 'photos'], /letter\.txt/],
      [['next', 'photos'], /photos/],
      [['restore', 'photos', '--list'], /20\d\d-/],
      [['plan'], /1 unchanged/],
      // The same directory by another way to write it.
      [['--tasks', './local/../tasks.d/', 'history', 'photos'], /Succeeded/],
    ] as const) {
      const { exitCode, stdout, stderr } = await run(...words);
      expect([words, exitCode, stdout + stderr]).toEqual([words, 0, expect.stringMatching(says)]);
    }
    // It is made anew with all above it that went too.
    await rm(directory.at('.local'), { recursive: true });
    process.kill(daemon.pid, 'SIGHUP');
    await eventually('status finds the daemon again', () => isDaemonSeen(run));
    expect((await run('plan')).stdout).toContain('1 unchanged');
    process.kill(daemon.pid, 'SIGTERM');
    expect(await daemon.finished).toMatchObject({ exitCode: 0 });
    expect((await run('history', 'photos')).stdout).toContain('Succeeded');
  });

  test('what git-sync publishes by a link keeps one state', async () => {
    await using cloudsync = await openAsUser();
    const { run, directory } = cloudsync;
    await cp(cloudsync.tasks, directory.at('one'), { recursive: true });
    await cp(cloudsync.tasks, directory.at('two'), { recursive: true });
    for (const commit of ['one', 'two']) {
      await rm(directory.at('current'), { force: true });
      await symlink(commit, directory.at('current'));
      expect(await run('--tasks', 'current', 'apply')).toMatchObject({ exitCode: 0 });
    }
    expect((await run('--tasks', 'current', 'plan')).stdout).toContain('1 unchanged');
    expect((await run('--tasks', 'one', 'plan')).stdout).toContain('0 unchanged');
  });

  test('without a home it is said what to set', async () => {
    await using cloudsync = await openAsUser();
    delete cloudsync.environment['HOME'];
    expect(await cloudsync.run('status')).toMatchObject({
      ...{ exitCode: 64, stderr: expect.stringMatching(/neither HOME nor XDG_STATE_HOME.*--state-dir/) },
    });
    expect(await cloudsync.run('--state-dir', 'own', 'apply')).toMatchObject({ exitCode: 0 });
  });

  test('a user is told of the daemon of root, and not that there is none', async () => {
    await using cloudsync = await openWithTask();
    wishNothing(cloudsync);
    await chmod(cloudsync.directory.path, 0o755);
    // What is below /var/lib is of this test alone.
    const alone = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o mode=755 none /var/lib && exec "$@"', 'sh'];
    const daemon = cloudsync.start(['daemon'], alone);
    const inside = ['sh', '-c', 'cd "$0" && exec "$@"', cloudsync.directory.path];
    const beside = ['nsenter', '-m', '-t', String(daemon.pid), ...inside];
    const asRoot = (...words: readonly string[]) => cloudsync.start(words, beside).finished;
    const asAnybody = (...words: readonly string[]) => cloudsync.start(words, [...beside, ...asUser()]).finished;
    await eventually('root finds the daemon', () => isDaemonSeen(asRoot));

    const status = await asAnybody('status');
    expect(status.stderr).toMatch(
      /whether a daemon holds \/var\/lib\/cloudsync\/tasks\.d-\w+ cannot be told.*Ask as user 0/,
    );
    expect(status.stderr).not.toContain('No daemon');
    for (const words of [['apply'], ['run', 'photos'], ['abort', 'photos']]) {
      expect(await asAnybody(...words)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('Ask as user 0'),
      });
    }
    expect(await asAnybody('daemon')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('belongs to user 0'),
    });
    expect(await asAnybody('validate')).toMatchObject({ exitCode: 0 });
    process.kill(daemon.pid, 'SIGTERM');
    expect(await daemon.finished).toMatchObject({ exitCode: 0 });
  });
});

test('a volume that Kubernetes gave to root and our group is used, and left as it is', async () => {
  await using cloudsync = await openAsUser();
  const { directory, environment } = cloudsync;
  await mkdir(directory.at('volume'));
  await chown(directory.at('volume'), 0, 12_345);
  await chmod(directory.at('volume'), 0o2775);
  Object.assign(environment, { CLOUDSYNC_STATE_DIR: directory.at('volume') });
  const member = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--groups=12345'];

  const daemon = await cloudsync.daemonWithin(member);
  expect(await cloudsync.start(['run', 'photos'], member).finished).toMatchObject({ exitCode: 0 });
  expect(await cloudsync.start(['daemon'], member).finished).toMatchObject({ exitCode: 5 });
  const mode = execFileSync('stat', ['-c', '%a %u:%g', directory.at('volume')], { encoding: 'utf8' });
  expect(mode).toBe('2775 0:12345\n');
  expect(await daemon.stop()).toBe(0);
  expect(await cloudsync.run('daemon')).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining('belongs to user 0') },
  });
});

describe.concurrent('a state directory is refused by the daemon and by validate', () => {
  test.for<readonly [string, string, (cloudsync: Cloudsync) => unknown, string]>([
    ['below the tasks', 'tasks.d/own', () => {}, 'lies in the tasks directory'],
    ['that is the tasks', 'tasks.d', () => {}, 'lies in the tasks directory'],
    [
      'below the tasks by a link',
      'way/own',
      ({ directory }) => symlink('tasks.d', directory.at('way')),
      'lies in the tasks directory',
    ],
    [
      'that Git tracks',
      'var/own',
      async ({ directory }) => {
        await directory.write('var/own/active.ndjson', '');
        git(directory.path, 'init', '--quiet');
        commitAll(directory.path);
      },
      'Git tracks files in the state directory',
    ],
    [
      'that is a link',
      'way',
      async ({ directory }) => {
        await mkdir(directory.at('other'));
        await symlink('other', directory.at('way'));
      },
      'is a link',
    ],
    [
      'of another user',
      'own',
      async ({ directory }) => {
        await mkdir(directory.at('own'));
        await chown(directory.at('own'), user, user);
      },
      'belongs to user 65534',
    ],
  ])('%s', async ([, path, prepare, says]) => {
    await using cloudsync = await openWithTask();
    await prepare(cloudsync);
    Object.assign(cloudsync.environment, { CLOUDSYNC_STATE_DIR: cloudsync.directory.at(path) });
    const before = await readTree(cloudsync.directory.path);
    expect(await cloudsync.run('daemon')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(says) });
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(says) });
    const { exitCode, document } = await cloudsync.json('validate');
    expect([exitCode, document]).toMatchObject([
      1,
      { problems: [{ code: 'CS051', message: expect.stringContaining(says) }] },
    ]);
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
  });
});

/** As an earlier version has left it: with what is active, and the record of a run. */
async function openWithEarlier() {
  const cloudsync = await openWithTask();
  await cloudsync.run('apply');
  await cloudsync.run('run', 'photos');
  await rm(join(cloudsync.state, 'daemon.sock'), { force: true });
  const earlier = cloudsync.directory.at('tasks.d/.cloudsync');
  execFileSync('mv', [cloudsync.state, earlier]);
  return Object.assign(cloudsync, { earlier, content: await readTree(earlier) });
}

const hint = expect.stringMatching(/lies in .*\/tasks\.d\/\.cloudsync.*run: cloudsync state move/);

describe.concurrent('the state of an earlier version', () => {
  test('is not forgotten: nothing begins without it, and what only reads says so', async () => {
    await using cloudsync = await openWithEarlier();
    for (const words of [['daemon'], ['apply'], ['run', 'photos']]) {
      expect(await cloudsync.run(...words)).toMatchObject({ exitCode: 1, stderr: hint });
    }
    expect(existsSync(cloudsync.state)).toBe(false);
    for (const words of [['status'], ['next'], ['plan']]) expect((await cloudsync.run(...words)).stderr).toEqual(hint);
    expect(await cloudsync.run('--state-dir', 'own', 'apply')).toMatchObject({ exitCode: 0 });
    expect(await readTree(cloudsync.earlier)).toEqual(cloudsync.content);
  });

  test('is moved where nobody holds it', async () => {
    await using cloudsync = await openWithEarlier();
    const dry = await cloudsync.run('state', 'move', '--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, stdout: `would move ${cloudsync.earlier} to ${cloudsync.state}\n` });
    expect(await readTree(cloudsync.earlier)).toEqual(cloudsync.content);
    expect(await cloudsync.run('state', 'move')).toMatchObject({ exitCode: 0 });

    expect(existsSync(cloudsync.earlier)).toBe(false);
    expect(await readTree(cloudsync.state)).toEqual(cloudsync.content);
    expect((await cloudsync.run('plan')).stdout).toContain('1 unchanged');
    expect((await cloudsync.run('history', 'photos')).stdout).toContain('Succeeded');
    const again = await cloudsync.run('state', 'move');
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing to move') });
    const daemon = await cloudsync.daemon();
    expect(await cloudsync.run('state', 'move')).toMatchObject({ exitCode: 5 });
    expect(await daemon.stop()).toBe(0);
  });

  // Each takes every fourth of the moments, so that none starts the program a hundred times.
  test.each([1, 5, 9, 13])(
    'survives a move between file systems that is killed at change %d, or 16, 32, … later',
    async (first) => {
      await using cloudsync = await openWithEarlier();
      const { environment, directory, earlier, content } = cloudsync;
      await cp(earlier, directory.at('kept'), { recursive: true, preserveTimestamps: true });
      const preload = await directory.write('kill.mjs', killer);
      // As between file systems, wherever the test runs.
      Object.assign(environment, { NODE_OPTIONS: `--import=${preload}` });
      let kills = 0;
      for (let count = first; ; count += 16) {
        Object.assign(environment, { KILL_AT: String(count) });
        const { exitCode } = await cloudsync.run('state', 'move');
        if (exitCode === 0) break;
        kills += 1;
        // Between the two no daemon starts, or it starts with all of it.
        const isWhole = !existsSync(earlier) && !existsSync(join(cloudsync.state, 'move.json'));
        Object.assign(environment, { KILL_AT: '0' });
        if (!isWhole) expect((await cloudsync.run('apply')).stderr).toContain('cloudsync state move');
        const again = await cloudsync.run('state', 'move');
        if (!isWhole) expect(again).toMatchObject({ exitCode: 0 });
        expect(await readTree(cloudsync.state)).toEqual(content);
        expect(existsSync(earlier) || existsSync(`${earlier}.moved`)).toBe(false);
        await rm(cloudsync.state, { recursive: true });
        await cp(directory.at('kept'), earlier, { recursive: true, preserveTimestamps: true });
      }
      expect(kills).toBeGreaterThan(1);
      expect(await readTree(cloudsync.state)).toEqual(content);
      expect(await readFile(join(cloudsync.state, 'active.ndjson'), 'utf8')).toContain('photos');
    },
  );
});

/** Renaming between the two places fails as between file systems; the process ends at the how manieth change on disk. */
const killer = `
import filePromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const at = Number(process.env.KILL_AT);
let calls = 0;
for (const name of ['rename', 'rm', 'mkdir', 'open']) {
  const original = filePromises[name];
  filePromises[name] = (...words) => {
    if (name === 'rename' && String(words[1]).endsWith('/state')) {
      return Promise.reject(Object.assign(new Error('EXDEV'), { code: 'EXDEV' }));
    }
    calls += 1;
    if (calls === at) process.kill(process.pid, 'SIGKILL');
    return original(...words);
  };
}
syncBuiltinESMExports();
`;
