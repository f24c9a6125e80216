import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import type { WrittenSpec } from '../helper/manifest.ts';
import { addCredential, addTask, jsonFile, rclonePid, ready, usePatientRclone } from '../helper/task.ts';

interface RunDocument {
  readonly outcome: string;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
}

interface StatusDocument {
  readonly status: {
    readonly health: string;
    readonly lastRun: RunDocument | null;
    readonly consecutiveFailures: number;
    readonly conditions: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
  };
}

function named(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`file-${index}`, 'content']));
}

async function withTask(cloudsync: Cloudsync, spec: WrittenSpec, here: object, there: object): Promise<void> {
  await addCredential(cloudsync);
  await addTask(cloudsync, 'photos', spec, { ...here });
  await writeTree(cloudsync.directory.at('cloud/photos'), { ...there });
}

function run(cloudsync: Cloudsync, ...parameters: readonly string[]) {
  return cloudsync.json<RunDocument>('run', 'photos', ...parameters);
}

/** What a person is told to type, from the message that tells it. */
function commandIn(message: string | null, wanted: RegExp): readonly string[] {
  const found = [...String(message).matchAll(/"cloudsync ([^"]+)"/g)].map(([, command = '']) => command);
  return found.find((command) => wanted.test(command))?.split(' ') ?? [];
}

describe.concurrent('a SYNC that would delete more than it may', () => {
  test('is refused with exit code 3, shown as Blocked, and let pass once by the command that it names', async () => {
    await using cloudsync = await openCloudsync();
    await withTask(cloudsync, { transferMode: 'SYNC' }, named(4), named(12));

    const refused = await run(cloudsync);

    expect(refused.exitCode).toBe(3);
    expect(refused.document).toMatchObject({ outcome: 'Blocked', exitCode: null, stats: { deletes: 0 } });
    expect(refused.document.lastError).toMatch(/^SYNC would delete 8 of the 12 files at the destination/);
    expect(await readTree(cloudsync.directory.at('cloud/photos'))).toEqual(named(12));
    const status = await jsonFile<StatusDocument>(join(cloudsync.tasks, 'photos.status.json'));
    expect(status.status).toMatchObject({
      health: 'Degraded',
      consecutiveFailures: 1,
      lastRun: { outcome: 'Blocked' },
    });
    expect(status.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'LastRunSucceeded', reason: 'Blocked', message: refused.document.lastError }),
    );

    const shown = await cloudsync.run(...commandIn(refused.document.lastError, /--dry-run/));
    expect(shown).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('file-11') });
    expect(shown.stdout).toContain('a real run would be refused');
    expect(await run(cloudsync, '--allow-deletes', '7')).toMatchObject({ exitCode: 3 });
    const allowed = await cloudsync.run(...commandIn(refused.document.lastError, /--allow-deletes/));
    expect(allowed.exitCode).toBe(0);
    expect(await readTree(cloudsync.directory.at('cloud/photos'))).toEqual(named(4));

    await writeTree(cloudsync.directory.at('cloud/photos'), named(12));
    await rm(cloudsync.directory.at('local/photos/file-3'));
    await rm(cloudsync.directory.at('local/photos/file-2'));
    expect(await run(cloudsync)).toMatchObject({ exitCode: 3 });
  });

  test('is refused and let pass by a daemon in the same way', async () => {
    await using cloudsync = await openCloudsync();
    await withTask(cloudsync, { transferMode: 'SYNC' }, named(4), named(12));
    const daemon = await cloudsync.daemon();

    const refused = await run(cloudsync);
    expect(refused).toMatchObject({ exitCode: 3, document: { outcome: 'Blocked' } });
    expect(await readTree(cloudsync.directory.at('cloud/photos'))).toEqual(named(12));
    const [, , ...words] = commandIn(refused.document.lastError, /--allow-deletes/);
    expect(await run(cloudsync, ...words)).toMatchObject({ exitCode: 0, document: { outcome: 'Succeeded' } });
    const path = join(cloudsync.tasks, 'photos.status.json');
    await jsonFile<StatusDocument>(path, ({ status }) => status.health === 'Healthy');
    expect(await daemon.stop()).toBe(0);
  });

  test('keeps what it deletes where it has a folder for that', async () => {
    await using cloudsync = await openCloudsync();
    const safety = { maxDelete: '100%', backupFolder: '.trash' };
    await withTask(cloudsync, { transferMode: 'SYNC', safety }, { 'a.txt': 'new!' }, { 'a.txt': 'a', 'b.txt': 'b' });
    expect(await run(cloudsync)).toMatchObject({ exitCode: 0 });
    expect(await run(cloudsync)).toMatchObject({ exitCode: 0 });
    const there = await readTree(cloudsync.directory.at('cloud/photos'));
    expect(Object.keys(there)).toHaveLength(3);
    expect(Object.entries(there).filter(([path]) => path.startsWith('.trash/photos-'))).toMatchObject([
      [expect.stringMatching(/a\.txt$/), 'a'],
      [expect.stringMatching(/b\.txt$/), 'b'],
    ]);
  });
});

describe.concurrent('refused with exit code 3, and nothing is touched', () => {
  const there = { 'a.txt': 'a', 'b.txt': 'b' };

  test.for<readonly [string, WrittenSpec, object, RegExp]>([
    ['an empty source', { transferMode: 'SYNC' }, {}, /is empty, and SYNC would delete everything.*allowEmptySource/],
    [
      'filters that leave nothing at the source',
      { transferMode: 'SYNC', include: ['*.txt'] },
      { 'c.jpg': 'c' },
      /the source holds no file to sync, and SYNC would delete every file at the destination \(2\).*allowEmptySource/,
    ],
    [
      'a marker that is missing',
      { safety: { requireMarker: '.mounted' } },
      { 'c.txt': 'c' },
      /the marker .*\.mounted is missing/,
    ],
    ['a missing source', { path: '../local/none', transferMode: 'MOVE' }, {}, /the source .*none does not exist/],
    [
      'a missing source of a PULL COPY',
      { direction: 'PULL', remote: { credential: 'here', folder: 'none' } },
      {},
      /^the source here:none does not exist$/,
    ],
    [
      'a missing source of a PULL MOVE',
      { direction: 'PULL', transferMode: 'MOVE', remote: { credential: 'here', folder: 'none' } },
      {},
      /^the source here:none does not exist$/,
    ],
  ])('%s', async ([, spec, here, message]) => {
    await using cloudsync = await openCloudsync();
    await withTask(cloudsync, spec, here, there);
    for (const parameters of [['--dry-run'], []]) {
      const { exitCode, document } = await run(cloudsync, ...parameters);
      const said = [document.lastError, ...document.warnings].join('\n');
      expect(said).toMatch(new RegExp(message.source.replace(/^\^|\$$/g, '')));
      // Filters are only told apart by a real run, which a dry run announces.
      if (parameters.length === 0 || document.outcome === 'Blocked') expect(exitCode).toBe(3);
    }
    expect(await readTree(cloudsync.directory.at('cloud/photos'))).toEqual(there);
    expect(await readTree(cloudsync.directory.at('local/photos'))).toEqual({ ...here });
  });
});

describe.concurrent('a run by hand while the task runs', () => {
  /** A run by hand, whose rclone listens; `next` gives that of the run after it. */
  async function busy(cloudsync: Cloudsync, concurrency: string) {
    await addCredential(cloudsync);
    await addTask(cloudsync, 'photos', { concurrency });
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon();
    const first = cloudsync.start(['-o', 'json', 'run', 'photos']);
    const { runId } = await daemon.logged('RunLog', { line: ready });
    const rclone = await rclonePid(cloudsync);
    const next = async () => {
      const after = daemon.lines.findIndex(({ event, runId: ended }) => event === 'RunFinished' && ended === runId);
      await daemon.logged('RunLog', { line: ready }, after);
      return rclonePid(cloudsync);
    };
    return { daemon, first, rclone, runId, next };
  }

  /** Asks for a run, and resolves with the rest of its story when the daemon has answered that there will be one. */
  async function ask(cloudsync: Cloudsync): Promise<{ readonly story: Promise<string> }> {
    const socketPath = join(cloudsync.state, 'daemon.sock');
    const asking = request({ socketPath, method: 'POST', path: '/v1/tasks/photos/run?dryRun=false' }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    return { story: text(answer) };
  }

  test('Forbid skips it', async () => {
    await using cloudsync = await openCloudsync();
    const { first, rclone } = await busy(cloudsync, 'Forbid');
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 75 });
    process.kill(rclone, 'SIGUSR2');
    expect(await first.finished).toMatchObject({ exitCode: 0 });
  });

  test('Replace ends the one before it', async () => {
    await using cloudsync = await openCloudsync();
    const { daemon, first, runId, next } = await busy(cloudsync, 'Replace');
    const second = cloudsync.start(['-o', 'json', 'run', 'photos']);
    expect(await first.finished).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('"Aborted"') });
    await daemon.logged('RunFinished', { runId });
    process.kill(await next(), 'SIGUSR2');
    expect(await second.finished).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"Succeeded"') });
  });

  test('Queue lets it wait for the one before it', async () => {
    await using cloudsync = await openCloudsync();
    const { daemon, first, rclone, runId, next } = await busy(cloudsync, 'Queue');
    const { story } = await ask(cloudsync);
    process.kill(rclone, 'SIGUSR2');
    expect(await first.finished).toMatchObject({ exitCode: 0 });
    await daemon.logged('RunFinished', { runId });
    process.kill(await next(), 'SIGUSR2');
    expect(await story).toMatch(/RunQueued.*RunStarted.*RunFinished.*"outcome":"Succeeded"/s);
  });

  test('what waits is not begun after an abort', async () => {
    await using cloudsync = await openCloudsync();
    const { first, daemon } = await busy(cloudsync, 'Queue');
    const { story } = await ask(cloudsync);
    expect(await cloudsync.run('abort', 'photos')).toMatchObject({ exitCode: 0 });
    expect(await first.finished).toMatchObject({ exitCode: 1 });
    expect(await story).toMatch(/RunQueued.*RunFinished.*"outcome":"Aborted"/s);
    expect(daemon.lines.filter(({ event }) => event === 'RunStarted')).toHaveLength(1);
  });
});

test.concurrent('the script of a run that was killed with its daemon goes when the next one starts', async () => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  const waiting = cloudsync.directory.at('waiting');
  await addTask(cloudsync, 'photos', { preScript: `echo begun > ${waiting}\nsleep 1000000` });
  const daemon = await cloudsync.daemon();
  const running = cloudsync.start(['run', 'photos']);
  await eventually('the script runs', () => readFile(waiting, 'utf8').catch(() => null));
  const scripts = join(cloudsync.state, 'scripts');
  expect(await readdir(scripts)).toHaveLength(1);
  daemon.signal('SIGKILL');
  await daemon.ended();
  expect(await running.finished).toMatchObject({ exitCode: 1 });

  const next = await cloudsync.daemon();
  expect(await readdir(scripts).catch(() => [])).toEqual([]);
  expect(await next.stop()).toBe(0);
});
