import { mkdir, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../../src/model/task.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { rclones, realRun, realTools } from '../../run/real-run.ts';

const around = {
  'outside/a.txt': 'precious',
  'outside/x.txt': 'precious',
  'tasks/photos.yaml': 'kind: CloudSyncTask',
  'state/tokens/box': 'a token',
};
const sent = { 'a.txt': 'a new text', 'sub/x.txt': 'x, longer than before', 'other/y.txt': 'y' };
const there = { 'z.txt': 'z', 'kept/k.txt': 'k' };

interface Trial {
  readonly part: Partial<TaskSpec>;
  /** From the name of a link to what it leads to. */
  readonly links: Readonly<Record<string, string>>;
  readonly binary?: string;
  readonly dryRun?: boolean;
}

async function run(directory: TemporaryDirectory, { part, links, binary, dryRun = false }: Trial) {
  const task = await localTask(directory, 'photos', part);
  const [local, remote] = part.direction === 'PULL' ? [there, sent] : [sent, there];
  await writeTree(directory.path, around);
  await writeTree(directory.at('source'), local);
  await writeTree(directory.at('remote/photos'), remote);
  for (const [at, to] of Object.entries(links)) {
    await mkdir(dirname(directory.at(at)), { recursive: true });
    await symlink(to.startsWith('.') ? to : directory.at(to), directory.at(at));
  }
  const before = await contentsOf(directory);
  const tools = realTools(directory, { tasksDirectory: directory.at('tasks') }, binary);
  const { ending } = await realRun(task, tools, dryRun);
  const after = await contentsOf(directory);
  return { ending, after, isUntouched: JSON.stringify(after) === JSON.stringify(before) };
}

async function contentsOf(directory: TemporaryDirectory) {
  const [source, remote, outside, tasks, tokens] = await Promise.all(
    ['source', 'remote/photos', 'outside', 'tasks', 'state/tokens'].map((name) => readTree(directory.at(name))),
  );
  return { source, remote, outside, tasks, tokens };
}

const far = 'remote/photos';
const untouched = {
  outside: { 'a.txt': 'precious', 'x.txt': 'precious' },
  tasks: { 'photos.yaml': 'kind: CloudSyncTask' },
  tokens: { box: 'a token' },
};
const followed = { followSymlinks: true } as const;

describe.each(rclones)('with %s, a link at the destination', (binary) => {
  test.each<[string, Partial<TaskSpec>, Trial['links'], string]>([
    ['to the very file', {}, { [`${far}/a.txt`]: 'source/a.txt' }, 'overlaps the source'],
    [
      'to the very folder, with MOVE',
      { transferMode: 'MOVE' },
      { [`${far}/sub`]: 'source/sub' },
      'overlaps the source',
    ],
    ['to another folder of the source', { transferMode: 'SYNC' }, { [`${far}/sub`]: 'source/other' }, 'the source'],
    ['to above the source', {}, { [`${far}/up`]: '../..' }, 'overlaps the source'],
    ['to a file elsewhere', {}, { [`${far}/a.txt`]: 'outside/a.txt' }, 'outside of the destination'],
    ['to a folder elsewhere', { transferMode: 'SYNC' }, { [`${far}/sub`]: 'outside' }, 'outside of the destination'],
    ['to a file that is not there yet', {}, { [`${far}/a.txt`]: 'outside/new.txt' }, 'outside of the destination'],
    ['by way of another link', {}, { [`${far}/sub`]: 'hop', hop: 'outside' }, 'outside of the destination'],
    ['to the manifests', {}, { [`${far}/sub`]: 'tasks' }, 'the tasks directory'],
    ['to the state', {}, { [`${far}/sub`]: 'state/tokens' }, 'the state directory'],
    ['to a folder beside it', {}, { [`${far}/sub`]: 'remote/photos/kept' }, 'the source has sub too'],
    ['to a file beside it', {}, { [`${far}/a.txt`]: 'remote/photos/z.txt' }, 'the source has a.txt too'],
    [
      'that SYNC follows',
      { ...followed, transferMode: 'SYNC' },
      { [`${far}/n`]: 'remote/photos/kept' },
      'delete there',
    ],
    ['to a file, with PULL', { direction: 'PULL' }, { 'source/a.txt': 'outside/a.txt' }, 'outside of the destination'],
    ['to the manifests, with PULL', { direction: 'PULL' }, { 'source/l': 'tasks' }, 'the tasks directory'],
    ['to the far folder', { direction: 'PULL', transferMode: 'MOVE' }, { 'source/sub': `${far}/sub` }, 'the source'],
    ['to itself', {}, { [`${far}/circle`]: `${far}/circle` }, 'nothing shows'],
    ['to a file beside it, with PULL', { direction: 'PULL' }, { 'source/a.txt': 'source/z.txt' }, 'a.txt too'],
  ])('blocks a run, and its dry run, which could write through it: %s', async (_, part, links, reason) => {
    for (const dryRun of [true, false]) {
      await using directory = await temporaryDirectory();
      const { ending, isUntouched } = await run(directory, { part, links, binary, dryRun });
      expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining(reason) });
      expect(ending.lastError).toMatch(/the link .* leads to .*remove the link/);
      expect(isUntouched).toBe(true);
    }
  });

  test.each<[string, Partial<TaskSpec>, Trial['links']]>([
    ['leaves out the folder', { exclude: ['/sub/'] }, { [`${far}/sub`]: 'outside' }],
    ['leaves out the folder above', { exclude: ['/sub/**'] }, { [`${far}/sub/deep`]: 'outside' }],
    ['leaves out the file', { exclude: ['/a.txt'] }, { [`${far}/a.txt`]: 'outside/a.txt' }],
    ['leaves out what may be either', { exclude: ['/l', '/l/**'] }, { [`${far}/l`]: 'outside/new' }],
    ['leaves out a link to the source', { exclude: ['/a.txt'] }, { [`${far}/a.txt`]: 'source/a.txt' }],
    ['leaves out a link of a SYNC', { exclude: ['/sub/**'], transferMode: 'SYNC' }, { [`${far}/sub`]: 'outside' }],
    ['leaves it out of a PULL', { exclude: ['/sub/**'], direction: 'PULL' }, { 'source/sub': 'outside' }],
  ])('is not written through where an exclude %s', async (_, part, links) => {
    await using directory = await temporaryDirectory();
    const { ending, after } = await run(directory, { part, links, binary });
    expect(ending.outcome).toMatch(/^Succeeded/);
    const { source, outside, tasks, tokens } = after;
    expect({ outside, tasks, tokens }).toEqual(untouched);
    expect(source).toMatchObject(part.direction === 'PULL' ? there : sent);
  });

  test.each<[string, Partial<TaskSpec>, Trial['links']]>([
    ['of the name alone, for a folder', { exclude: ['/sub'] }, { [`${far}/sub`]: 'outside' }],
    ['that begins at no root', { exclude: ['sub/**'] }, { [`${far}/sub`]: 'outside' }],
    ['of one of two kinds', { exclude: ['/l/**'] }, { [`${far}/l`]: 'outside/new' }],
    ['of what is in a file', { exclude: ['/a.txt/**'] }, { [`${far}/a.txt`]: 'outside/a.txt' }],
  ])('blocks in spite of an exclude %s', async (_, part, links) => {
    await using directory = await temporaryDirectory();
    const { ending, isUntouched } = await run(directory, { part, links, binary });
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('leave it out by exclude') });
    expect(isUntouched).toBe(true);
  });

  test.each<[string, Partial<TaskSpec>, Trial['links']]>([
    ['nothing of its name comes', {}, { [`${far}/latest`]: `${far}/kept` }],
    ['the source has the same link', {}, { [`${far}/latest`]: `${far}/kept`, 'source/latest': 'source/other' }],
    ['the far side has nothing of its name', { direction: 'PULL' }, { 'source/sub/deep/link': 'source/kept' }],
    ['it is in a snapshot', {}, { [`${far}/.zfs/link`]: 'outside' }],
  ])('does no harm where %s', async (_, part, links) => {
    await using directory = await temporaryDirectory();
    const { ending, after } = await run(directory, { part, links, binary });
    expect(ending.outcome).toMatch(/^Succeeded/);
    const { outside, tasks, tokens } = after;
    expect({ outside, tasks, tokens }).toEqual(untouched);
    expect(part.direction === 'PULL' ? after.source : after.remote).toMatchObject({ ...sent, ...there });
  });
});

describe('where links are followed, one at the source', () => {
  test.each<[string, Partial<TaskSpec>, Trial['links'], string]>([
    ['to the manifests, with MOVE', { transferMode: 'MOVE' }, { 'source/l': 'tasks' }, 'tasks directory'],
    ['to the state, with MOVE', { transferMode: 'MOVE' }, { 'source/l': 'state' }, 'state directory'],
    ['to the state', {}, { 'source/st': 'state' }, 'state directory'],
    [
      'to the tokens, by way of another',
      {},
      { 'source/st': 'outside', 'outside/l': 'state/tokens' },
      'state directory',
    ],
  ])('blocks the run: %s', async (_, part, links, reason) => {
    await using directory = await temporaryDirectory();
    const { ending, isUntouched } = await run(directory, { part: { ...part, ...followed }, links });
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining(reason) });
    expect(isUntouched).toBe(true);
  });

  test('may lead to manifests that are only read', async () => {
    await using directory = await temporaryDirectory();
    const { ending, after } = await run(directory, { part: followed, links: { 'source/l': 'tasks' } });
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(after.remote).toMatchObject({ 'l/photos.yaml': 'kind: CloudSyncTask' });
  });
});

describe('a link in place of the backup folder', () => {
  const safety = { ...taskSpec().safety, backupFolder: '.trash' };
  test.each<[string, string, RegExp]>([
    ['may lead to another disk', 'outside', /^Succeeded/],
    ['may not lead into the destination', `${far}/kept`, /^Blocked/],
    ['may not lead to the manifests', 'tasks', /^Blocked/],
  ])('%s', async (_, to, outcome) => {
    await using directory = await temporaryDirectory();
    const part = { transferMode: 'SYNC', safety, exclude: ['/.trash/**'] } as const;
    const { ending } = await run(directory, { part, links: { [`${far}/.trash`]: to } });
    expect(ending.outcome).toMatch(outcome);
  });
});

test('a link is found below a folder whose name is no UTF-8, too', async () => {
  await using directory = await temporaryDirectory();
  const raw = Buffer.concat([Buffer.from(`${directory.at(far)}/`), Buffer.from([0x61, 0xff])]);
  await mkdir(raw, { recursive: true });
  await symlink(directory.at('outside'), Buffer.concat([raw, Buffer.from('/link')]));
  const { ending, isUntouched } = await run(directory, { part: {}, links: {} });
  expect(ending).toMatchObject({
    outcome: 'Blocked',
    lastError: expect.stringContaining('outside of the destination'),
  });
  expect(isUntouched).toBe(true);
});

test('of single paths, a run is about the links in their place, and not about those beside them', async () => {
  await using directory = await temporaryDirectory();
  const paths = [directory.at('source/a.txt'), directory.at('source/other')];
  const beside = await run(directory, { part: { paths }, links: { [`${far}/sub`]: 'outside' } });
  expect(beside.ending.outcome).toMatch(/^Succeeded/);
  expect(beside.after.outside).toEqual(untouched.outside);
  await using another = await temporaryDirectory();
  const chosen = { paths: [another.at('source/a.txt'), another.at('source/other')] };
  const there = await run(another, { part: chosen, links: { [`${far}/a.txt`]: 'outside/a.txt' } });
  expect(there.ending.outcome).toBe('Blocked');
  expect(there.isUntouched).toBe(true);
});
