import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type FileSystemFacts, noMemory, type SuccessFacts } from '../../../src/model/memory.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { runTask } from '../../../src/run/run-task.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../../run/book.ts';
import { realTools } from '../../run/real-run.ts';

type Part = Partial<Omit<TaskSpec, 'paths'>> & { readonly path?: string; readonly root?: string };

function taskIn(directory: TemporaryDirectory, { path = 'data', root = 'far', ...part }: Part) {
  const spec = taskSpec({
    remote: remoteLocation({ folder: 'photos' }),
    retry: { limit: 0, backoffMs: 1000 },
    ...part,
    paths: [directory.at(path)],
  });
  return resolvedTask('photos', { spec, credential: credentialSpec({ options: { root: directory.at(root) } }) });
}

async function openSides(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  await writeTree(directory.path, { 'data/a.txt': 'a', 'far/photos/b.txt': 'b' });
  return directory;
}

describe('a directory that is not there', () => {
  test.each<[string, Part]>([
    ['the root of a destination', { root: 'gone' }],
    ['the root of a source', { root: 'gone', direction: 'PULL' }],
    ['the folder above the directory of a PULL', { path: 'gone/data', direction: 'PULL' }],
  ])('is not made: %s', async (_, part) => {
    await using directory = await openSides();
    const ending = await runTask(order('photos-1', { task: taskIn(directory, part) }), realTools(directory));
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/gone does not exist; check that its disk is mounted/),
    });
  });

  test.each<[string, Part]>([
    ['a folder below a root', { remote: remoteLocation({ folder: 'new/deep' }) }],
    ['the directory of a PULL', { path: 'new', direction: 'PULL' }],
  ])('is made where what is above it is there: %s', async (_, part) => {
    await using directory = await openSides();
    const ending = await runTask(order('photos-1', { task: taskIn(directory, part) }), realTools(directory));
    expect(ending).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 1 } });
  });
});

describe('another file system than at the last success', () => {
  async function runAfter(before: (name: string) => Record<string, FileSystemFacts>, acceptFileSystem = false) {
    await using directory = await openSides();
    const facts: Partial<SuccessFacts>[] = [];
    const memory = {
      note: async () => ({ ok: true as const }),
      onSuccess: (part: Partial<SuccessFacts>) => facts.push(part),
    };
    const task = taskIn(directory, {});
    const tools = realTools(directory, { memory });
    expect(await runTask(order('photos-1', { task }), tools)).toMatchObject({ outcome: 'Succeeded' });
    const kept = facts.find(({ fileSystems }) => fileSystems !== undefined)?.fileSystems ?? {};
    const fileSystems = { ...kept, ...before(directory.at('far')) };
    const known = { ...noMemory, success: { specHash: task.specHash, at: 0, fileSystems } };
    await rm(directory.at('far/photos'), { recursive: true });
    await mkdir(directory.at('far/photos'));
    const ending = await runTask(order('photos-2', { task, memory: known, acceptFileSystem }), tools);
    return { ending, kept, roots: [directory.at('far'), directory.at('far/photos'), directory.at('data')] };
  }

  const another = (path: string) => ({ [path]: { name: 'ext4 /dev/other', uuid: 'another' } });

  test('blocks the run, and says how to allow it', async () => {
    const { ending } = await runAfter(another);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(
        /on another file system \(.+\) than at the last success \(ext4 \/dev\/other\).+--accept-file-system/,
      ),
    });
  });

  test('may be allowed', async () => {
    expect((await runAfter(another, true)).ending).toMatchObject({ outcome: 'Succeeded' });
  });

  test('is not what the same one is, of which each run keeps what it is called', async () => {
    const { ending, kept, roots } = await runAfter(() => ({}));
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(Object.keys(kept).sort()).toEqual([...roots].sort());
  });
});
