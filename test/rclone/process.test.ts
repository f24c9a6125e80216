import { readdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { transferArguments } from '../../src/rclone/arguments.ts';
import { rcloneEnvironment } from '../../src/rclone/environment.ts';
import { emptyEvidence } from '../../src/rclone/evidence.ts';
import { classify } from '../../src/rclone/outcome.ts';
import { type RcloneOrder, startRclone } from '../../src/rclone/process.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { waitFor } from '../helper/waits.ts';
import { binary, rclone, run, transfer } from './real-rclone.ts';

/** Starts something and stops it as soon as a line says so. */
async function stopAt(pattern: RegExp, order: Pick<RcloneOrder, 'binary' | 'arguments' | 'graceMs'>) {
  let announce = () => {};
  const announced = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const raw: string[] = [];
  const child = await startRclone({
    ...order,
    environment: rcloneEnvironment({ remotes: [], parent: process.env, timeZone: null }),
    input: null,
    onLine(_line, text) {
      raw.push(text);
      if (pattern.test(text)) announce();
    },
  });
  await waitFor(() => `a line that fits ${pattern} in: ${raw.join(' | ')}`, announced);
  child.stop();
  child.stop();
  return { pid: child.pid, exit: await child.finished, raw };
}

describe('a transfer by the real rclone', () => {
  test('copy: tells each file and the totals', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/a.txt', 'one');
    await directory.write('from/d/b.txt', 'two');
    const { exit, lines, evidence } = await rclone({ source: directory.at('from'), destination: directory.at('to') });
    const changes = lines.flatMap((line) =>
      line.kind === 'change' ? [`${line.change.action} ${line.change.path}`] : [],
    );
    expect(changes.sort()).toEqual(['copy a.txt', 'copy d/b.txt']);
    expect(evidence.stats).toMatchObject({ bytes: 6, transfers: 2, errors: 0 });
    expect(classify(exit, evidence).outcome).toBe('Succeeded');
  });

  test('sync on a dry run: tells what it would do and does nothing', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/a.txt', 'one');
    await directory.write('to/old.txt', 'old');
    const { lines } = await rclone({
      ...{ operation: 'sync', dryRun: true, source: directory.at('from'), destination: directory.at('to') },
    });
    const changes = lines.flatMap((line) =>
      line.kind === 'skipped' && line.change !== null ? [`${line.change.action} ${line.change.path}`] : [],
    );
    expect(changes.sort()).toEqual(['copy a.txt', 'delete old.txt']);
    expect(await readdir(directory.at('to'))).toEqual(['old.txt']);
  });

  test('sync: deletes what the source lacks, up to the limit', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/a.txt', 'one');
    await directory.write('to/old.txt', 'old');
    const order = { operation: 'sync', source: directory.at('from'), destination: directory.at('to') } as const;

    const refused = await rclone({ ...order, maxDelete: 0 });
    expect(classify(refused.exit, refused.evidence)).toMatchObject({ outcome: 'Failed', retryable: false });
    expect(classify(refused.exit, refused.evidence).lastError).toContain('more files would be deleted');
    expect((await readdir(directory.at('to'))).sort()).toEqual(['a.txt', 'old.txt']);

    const allowed = await rclone({ ...order, maxDelete: 1 });
    expect(allowed.lines).toContainEqual({ kind: 'change', change: { action: 'delete', path: 'old.txt' }, step: null });
    expect(await readdir(directory.at('to'))).toEqual(['a.txt']);
  });

  test('move: moves each file, shows each before, and keeps the root of the source', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/d/a.txt', 'one');
    const order = { operation: 'move', source: directory.at('from'), destination: directory.at('to') } as const;
    const preview = await rclone({ ...order, dryRun: true });
    expect(preview.lines).toContainEqual({
      ...{ kind: 'skipped', change: { action: 'move', path: 'd/a.txt', size: 3 }, path: 'd/a.txt' },
    });
    const moved = await rclone(order);
    expect(moved.lines).toContainEqual({
      kind: 'change',
      change: { action: 'move', path: 'd/a.txt' },
      step: 'movedThere',
    });
    expect(await readdir(directory.at('from'))).toEqual(['d']);
    expect(await readFile(directory.at('to/d/a.txt'), 'utf8')).toBe('one');
  });

  test('a path that starts with a dash is a path', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('--dry-run/a.txt', 'one');
    const parameters = transferArguments(transfer({ source: '--dry-run', destination: directory.at('to') }));
    const shell = 'cd "$1" && shift && exec "$@"';
    const { exit } = await run('sh', ['-c', shell, 'sh', directory.path, binary, ...parameters]);
    expect(exit.exitCode).toBe(0);
    expect(await readdir(directory.at('to'))).toEqual(['a.txt']);
  });

  test('symbolic links are left out with a warning, or followed', async () => {
    await using directory = await temporaryDirectory();
    const target = await directory.write('elsewhere/a.txt', 'one');
    await directory.write('from/b.txt', 'two');
    await symlink(target, directory.at('from/link.txt'));
    const order = { source: directory.at('from'), destination: directory.at('to') };

    const left = await rclone(order);
    const verdict = classify(left.exit, left.evidence);
    expect(verdict.outcome).toBe('SucceededWithWarnings');
    expect(verdict.warnings).toEqual([expect.stringContaining('1 symbolic link left out')]);
    expect(await readdir(directory.at('to'))).toEqual(['b.txt']);

    await rclone({ ...order, followSymlinks: true });
    expect(await readFile(directory.at('to/link.txt'), 'utf8')).toBe('one');
  });

  test('a source that is missing ends with 3, and trying again is no use', async () => {
    await using directory = await temporaryDirectory();
    const source = directory.at('missing');
    const { exit, evidence } = await rclone({ operation: 'sync', source, destination: directory.at('to') });
    expect(exit.exitCode).toBe(3);
    expect(classify(exit, evidence)).toMatchObject({ outcome: 'Failed', retryable: false });
    expect(classify(exit, evidence).lastError).toBe('the source directory was not found');
  });

  test('a server that is not there is told by its address, without the credentials', async () => {
    await using directory = await temporaryDirectory();
    const options = { url: 'http://alice:swordfish@127.0.0.1:9/dav', vendor: 'other' };
    const remote = { name: 'remote', type: 'webdav', options, obscured: [] };
    const [copy = '', ...others] = transferArguments(transfer({ source: directory.path, destination: 'remote:x' }));
    // rclone would wait longer before each of ten attempts.
    const ended = await run(binary, [copy, '--low-level-retries', '1', ...others], null, [remote]);
    expect(classify(ended.exit, ended.evidence)).toMatchObject({
      ...{ outcome: 'Failed', retryable: true, lastError: 'could not connect to 127.0.0.1:9 (connection refused)' },
    });
    expect(JSON.stringify(ended.lines)).not.toContain('swordfish');
  });
});

describe('stop', () => {
  test('ends a slow transfer', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/big', Buffer.alloc(4 * 1024 * 1024));
    const limit = { weekday: null, time: null, limit: { up: 1024, down: 1024 } };
    const order = transfer({ source: directory.at('from'), destination: directory.at('to'), bandwidthLimit: [limit] });
    const { exit } = await stopAt(/"stats":/, { binary, arguments: transferArguments(order) });
    expect(classify(exit, emptyEvidence).outcome).toBe('Aborted');
  });

  test('kills what does not end by itself', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, {
      steps: [{ ignore: 'SIGTERM' }, { print: 'ready\n' }, { waitFor: 'SIGUSR2' }],
    });
    const { exit } = await stopAt(/^ready$/, { binary: program, arguments: [], graceMs: 1 });
    expect(exit).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  test('reaches what rclone has started', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, {
      steps: [{ child: true }, { print: 'ready\n' }, { waitFor: 'SIGUSR2' }],
    });
    const { exit } = await stopAt(/^ready$/, { binary: program, arguments: [] });
    expect(exit.signal).toBe('SIGTERM');
  });

  test('leaves rclone the time to end in its own way', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, {
      steps: [{ print: 'ready\n' }, { waitFor: 'SIGTERM' }, { print: 'Exiting...\n' }, { exit: 143 }],
    });
    const { exit, raw } = await stopAt(/^ready$/, { binary: program, arguments: [] });
    expect(exit).toMatchObject({ exitCode: 143, signal: null });
    expect(raw).toEqual(['ready', 'Exiting...']);
  });
});

describe('the pipes', () => {
  test('are read to the end, however much comes', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, {
      steps: [{ flood: 20_000 }, { output: 'done' }, { print: 'last' }],
    });
    const { exit, lines } = await run(program, []);
    expect(lines).toHaveLength(20_001);
    expect(exit).toEqual({ exitCode: 0, signal: null, spawnError: null, stdout: 'done' });
  });

  test('a process that does not read its rules is judged by its exit', async () => {
    await using directory = await temporaryDirectory();
    const program = await scriptedRclone(directory, { steps: [{ exit: 7 }] });
    const { exit } = await run(program, [], `- ${'x'.repeat(4 * 1024 * 1024)}\n`);
    expect(exit.exitCode).toBe(7);
  });
});

describe('a binary that cannot be started', () => {
  test('is missing', async () => {
    const { exit } = await run('/nowhere/rclone', ['version']);
    expect(exit).toMatchObject({ exitCode: null, signal: null });
    expect(exit.spawnError).toContain('rclone was not found (/nowhere/rclone)');
  });

  test('may not be executed', async () => {
    await using directory = await temporaryDirectory();
    const { exit } = await run(await directory.write('rclone', 'text'), ['version']);
    expect(exit.spawnError).toContain('may not be executed');
  });
});
