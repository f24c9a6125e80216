import { mkdir, rename, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { noMemory } from '../../../src/model/memory.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { runId } from '../../../src/run/run-id.ts';
import { runTask } from '../../../src/run/run-task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../../run/book.ts';
import { localTask } from '../../run/local-task.ts';
import { realTools, saidIn } from '../../run/real-run.ts';

const environment = { ...process.env, CRYPT: 'a long password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const day = 86_400_000;
const safety = { ...taskSpec().safety, backupFolder: '.trash', backupRetentionMs: 30 * day };

interface RunPart {
  readonly spec?: Partial<TaskSpec>;
  readonly dryRun?: boolean;
  /** Of the run, and so of what it sets aside. */
  readonly daysAgo?: number;
  readonly lastSuccessAt?: number;
}

/** A run whose id tells another day than the clock does. */
async function run(directory: TemporaryDirectory, { spec = {}, dryRun = false, daysAgo = 0, lastSuccessAt }: RunPart) {
  const heard = realTools(directory, { environment });
  const task = await localTask(directory, 'photos', { safety, ...spec });
  const id = runId('photos', heard.clock.now() - daysAgo * day, true);
  const success = lastSuccessAt === undefined ? null : { specHash: task.specHash, at: lastSuccessAt };
  const ending = await runTask(order(id, { task, dryRun, memory: { ...noMemory, success } }), heard);
  const removed = heard.events.flatMap((event) =>
    event.type === 'RunChange' && event.change.action === 'rmdir' ? [event.change.path] : [],
  );
  return { ending, removed, said: saidIn(heard), id, now: heard.clock.now() };
}

/** Each run replaces the file, so that each sets the one before aside. */
async function replacing(directory: TemporaryDirectory, part: RunPart, content: string) {
  const from = part.spec?.direction === 'PULL' ? 'remote/photos' : 'source';
  await writeTree(directory.at(from), { file: content });
  return run(directory, part);
}

describe('backups of earlier runs', () => {
  test.each<[string, Partial<TaskSpec>]>([
    ['SYNC', { transferMode: 'SYNC' }],
    ['COPY through an encryption', { encryption }],
    ['PULL', { direction: 'PULL' }],
  ])('that are too old are deleted after a success, counted and named: %s', async (_, part) => {
    await using directory = await temporaryDirectory();
    const keep = { ...part, safety: { ...safety, backupRetentionMs: null } };
    for (const daysAgo of [101, 100, 32, 29])
      await replacing(directory, { spec: keep, daysAgo }, `${daysAgo}`.repeat(daysAgo));
    const to = part.direction === 'PULL' ? 'source' : 'remote/photos';
    const before = await readTree(directory.at(to));

    const dry = await run(directory, { spec: part, dryRun: true });
    expect(dry.removed).toHaveLength(2);
    expect(dry.said).toContain('2 old backups would be deleted by spec.safety.backupRetention');
    expect(await readTree(directory.at(to))).toEqual(before);

    const { ending, removed, said, now } = await replacing(directory, { spec: part }, 'now');
    expect(ending).toMatchObject({ outcome: 'Succeeded', warnings: [] });
    const gone = [100, 32].map((daysAgo) => `.trash/${runId('photos', now - daysAgo * day, true)}`);
    expect(removed).toEqual(gone);
    expect(said).toContain('2 old backups deleted by spec.safety.backupRetention');
    // The file itself, what this run set aside, and what the run of 29 days ago did.
    expect(Object.keys(await readTree(directory.at(to)))).toHaveLength(3);
    expect((await run(directory, { spec: part })).removed).toEqual([]);
  });

  test('only those of the task, and nothing else that lies there', async () => {
    await using directory = await temporaryDirectory();
    const old = runId('photos', Date.UTC(2020, 0, 1), true);
    const other = runId('other', Date.UTC(2020, 0, 1), true);
    const files = {
      [`${other}/file`]: 'o',
      'mine/file': 'm',
      [`deep/${old}/file`]: 'd',
      [`${old}x/file`]: 'x',
      file: 'f',
    };
    await writeTree(directory.at('remote/photos/.trash'), { ...files, [`${old}/file`]: 'gone' });
    await writeTree(directory.at('remote/photos'), { [`${old}/file`]: 'outside the backup folder' });
    const { removed } = await replacing(directory, {}, 'first');
    expect(removed).toEqual([]);
    await replacing(directory, {}, 'second and longer');
    expect(await readTree(directory.at('remote/photos/.trash'))).toMatchObject(files);
    expect(await readTree(directory.at('remote/photos', old))).toEqual({ file: 'outside the backup folder' });
    expect(Object.keys(await readTree(directory.at('remote/photos/.trash', old)))).toEqual([]);
  });

  test('stay where the run fails, and where the clock is earlier than a run', async () => {
    await using directory = await temporaryDirectory();
    const names = [101, 100].map((daysAgo) => runId('photos', Date.now() - daysAgo * day, true));
    const kept = Object.fromEntries(names.map((name) => [`.trash/${name}/x`, 'x']));
    await writeTree(directory.at('remote/photos'), { ...kept, 'in-the-way/file': 'f' });
    await writeTree(directory.at('source'), { 'in-the-way': 'a file' });
    expect((await run(directory, {})).ending.outcome).toBe('Failed');
    await rename(directory.at('source/in-the-way'), directory.at('source/file'));
    const { ending, now } = await run(directory, { lastSuccessAt: Date.UTC(2999, 0, 1) });
    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: [
        `old backups were not deleted: the clock shows ${new Date(now).toISOString()}, which is earlier than a run of the task`,
      ],
    });
    expect(await readTree(directory.at('remote/photos'))).toMatchObject(kept);
  });

  test('stay where the backup folder is a link to another place', async () => {
    await using directory = await temporaryDirectory();
    const old = runId('photos', Date.UTC(2020, 0, 1), true);
    await writeTree(directory.at('elsewhere'), { [`${old}/x`]: 'x' });
    await mkdir(directory.at('remote/photos'), { recursive: true });
    await symlink(directory.at('elsewhere'), directory.at('remote/photos/.trash'));
    await writeTree(directory.at('source'), { file: 'f' });
    const { ending } = await run(directory, {});
    expect(ending.warnings).toContainEqual(expect.stringContaining('leads to another place by a link'));
    expect(await readTree(directory.at('elsewhere'))).toEqual({ [`${old}/x`]: 'x' });
  });
});
