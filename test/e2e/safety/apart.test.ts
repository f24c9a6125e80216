import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import { type LeftProbe, noMemory, type TaskMemory } from '../../../src/model/memory.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { runTask } from '../../../src/run/run-task.ts';
import type { Cloud } from '../../clouds/cloud.ts';
import { webdav } from '../../clouds/webdav.ts';
import { remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../../run/book.ts';
import { realTools } from '../../run/real-run.ts';

type Part = Partial<Omit<TaskSpec, 'paths' | 'remote'>> & { readonly path: string; readonly folder?: string };

interface Run extends Part {
  readonly memory?: Partial<TaskMemory>;
  readonly dryRun?: boolean;
  /** Whose probe an earlier run has left. */
  readonly left?: 'this spec' | 'another spec';
}

/** A run between a directory of this machine and a server that serves the directory `served` of it. */
async function run(
  cloud: Cloud,
  directory: TemporaryDirectory,
  { path, folder = '', memory, dryRun, left: by, ...part }: Run,
) {
  const spec = taskSpec({
    retry: { limit: 0, backoffMs: 1000 },
    transferMode: 'SYNC',
    ...part,
    paths: [directory.at(path)],
    remote: remoteLocation({ folder }),
  });
  const task = resolvedTask('photos', { spec, credential: cloud.credential as CredentialSpec });
  const notes: Partial<TaskMemory>[] = [];
  const pen = {
    note: async (patch: Partial<TaskMemory>) => {
      if ('probe' in patch || 'apart' in patch) notes.push(patch);
      return { ok: true as const };
    },
    onSuccess: () => {},
  };
  const environment = { ...process.env, ...cloud.environment, PASSWORD: 'a password' };
  const before = await readTree(directory.path);
  const tools = realTools(directory, { environment, memory: pen });
  const specHash = by === 'this spec' ? task.specHash : 'sha256:0';
  const probe: LeftProbe | null = by === undefined ? null : { name: left, specHash, side: 'far', folders: [''] };
  const known = { ...noMemory, ...memory, probe };
  const ending = await runTask(order('photos-1', { task, memory: known, dryRun: dryRun ?? false }), tools);
  const after = await readTree(directory.path);
  return { ending, notes, task, isUntouched: JSON.stringify(before) === JSON.stringify(after), after };
}

const files = { 'served/a.txt': 'a', 'served/sub/b.txt': 'b', 'served/sub/deep/c.txt': 'c', 'data/d.txt': 'd' };
const encryption = { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: true };

async function open() {
  const directory = await temporaryDirectory();
  await writeTree(directory.path, files);
  const cloud = await webdav.open(directory);
  return {
    directory,
    cloud,
    [Symbol.asyncDispose]: async () => {
      await cloud[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('a server that serves the other side', () => {
  test.each<[string, Part]>([
    ['a SYNC onto itself', { path: 'served' }],
    ['a MOVE onto itself', { path: 'served', transferMode: 'MOVE' }],
    ['a SYNC into the source', { path: 'served', folder: 'sub' }],
    ['a SYNC into a new folder of the source', { path: 'served', folder: 'new' }],
    ['a SYNC from below the destination', { path: 'served/sub/deep', folder: 'sub' }],
    ['a MOVE from below the destination', { path: 'served/sub', transferMode: 'MOVE' }],
    ['an encrypted SYNC', { path: 'served/sub', folder: 'new', encryption: { ...encryption, filenames: false } }],
    ['a SYNC back', { path: 'served', direction: 'PULL' }],
    ['a SYNC back into the source', { path: 'served/sub', direction: 'PULL' }],
    ['a MOVE back from below', { path: 'served/sub', folder: 'sub/deep', direction: 'PULL', transferMode: 'MOVE' }],
  ])('is found out, and nothing is left behind: %s', async (name, part) => {
    await using world = await open();
    const { ending, isUntouched, after } = await run(world.cloud, world.directory, part);
    if (name === 'an encrypted SYNC') {
      // Beside the source, which is another place.
      expect(ending.outcome).toMatch(/^Succeeded/);
      expect(Object.keys(after).filter((path) => path.includes('probe'))).toEqual([]);
      return;
    }
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('was found at the source') });
    expect(isUntouched).toBe(true);
  });

  test('is found out through an encryption', async () => {
    await using world = await open();
    const { ending, isUntouched } = await run(world.cloud, world.directory, {
      path: 'served',
      folder: 'new',
      encryption,
    });
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('was found at the source') });
    expect(isUntouched).toBe(true);
  });
});

describe('two places', () => {
  test('are shown to be two once for a spec, with no file left', async () => {
    await using world = await open();
    const part = { path: 'data', folder: 'sub/deep' };
    const first = await run(world.cloud, world.directory, part);
    expect(first.ending).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/) });
    expect(first.notes.flatMap((note) => Object.keys(note))).toEqual(['probe', 'probe', 'apart']);
    expect(first.after).toMatchObject({ 'served/sub/deep/d.txt': 'd' });
    expect(Object.keys(first.after).filter((name) => name.includes('probe'))).toEqual([]);
    const [apart] = first.notes.flatMap((note) => note.apart ?? []);
    const again = await run(world.cloud, world.directory, { ...part, memory: { apart: apart ?? null } });
    expect(again.notes).toEqual([]);
    const changed = await run(world.cloud, world.directory, {
      ...part,
      description: 'new',
      memory: { apart: apart ?? null },
    });
    expect(changed.notes).toHaveLength(3);
  });

  test('are not shown to be two by a dry run, which says so', async () => {
    await using world = await open();
    const part = { path: 'data', folder: 'sub/deep', dryRun: true };
    const { ending, notes, isUntouched } = await run(world.cloud, world.directory, part);
    expect(ending).toMatchObject({
      outcome: 'SucceededWithWarnings',
      warnings: expect.arrayContaining([expect.stringContaining('it is not shown yet')]),
    });
    expect(notes).toEqual([]);
    expect(isUntouched).toBe(true);
  });

  test.each(['COPY', 'SYNC', 'MOVE'] as const)('keep no file of a run that was killed: %s', async (transferMode) => {
    await using world = await open();
    await writeTree(world.directory.path, { [`served/sub/deep/${left}`]: 'left' });
    const part = { path: 'data', folder: 'sub/deep', transferMode };
    const { ending, notes, after } = await run(world.cloud, world.directory, { ...part, left: 'this spec' });
    expect(ending).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/) });
    expect(notes[0]).toEqual({ probe: null });
    expect(Object.keys(after).filter((name) => name.includes('probe'))).toEqual([]);
  });

  test.each(['sub/deep', 'new'])('forget a file that is not there any more: in %s', async (folder) => {
    await using world = await open();
    const part = { path: 'data', folder, transferMode: 'COPY' } as const;
    const { ending, notes } = await run(world.cloud, world.directory, { ...part, left: 'this spec' });
    expect(ending).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/) });
    expect(ending.warnings.join()).not.toContain('probe');
    expect(notes).toEqual([{ probe: null }]);
  });

  test('are not searched for what another spec has left', async () => {
    await using world = await open();
    await writeTree(world.directory.path, { [`served/sub/deep/${left}`]: 'left' });
    const part = { path: 'data', folder: 'sub/deep', transferMode: 'COPY' } as const;
    const { ending, notes, after } = await run(world.cloud, world.directory, { ...part, left: 'another spec' });
    expect(ending).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/) });
    expect(ending.warnings.join()).not.toContain('probe');
    expect(notes).toEqual([]);
    expect(after).toMatchObject({ [`served/sub/deep/${left}`]: 'left' });
  });
});

/** Of a run that was killed. */
const left = `cloudsync-probe-${'0'.repeat(32)}.tmp`;
