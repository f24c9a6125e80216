import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { takeSnapshot } from '../../../src/source/snapshot.ts';
import { eventually } from '../../helper/eventually.ts';
import { contentIn } from '../../helper/file-content.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { type Followed, follow, manifest, manifests } from './followed.ts';

const run = promisify(execFile);
const count = 10_000;
/** A daemon does about ten times the work for each that a snapshot takes. */
const countOfDaemon = 4_000;

/** A repository with two branches, `a` and `b`, in which every task is described by the name of the branch. */
let repository: TemporaryDirectory;

async function git(...parameters: readonly string[]): Promise<string> {
  const settings = ['user.name=t', 'user.email=t@t', 'gc.auto=0', 'advice.detachedHead=false'];
  const { stdout } = await run('git', [
    '-C',
    repository.path,
    ...settings.flatMap((each) => ['-c', each]),
    ...parameters,
  ]);
  return stdout.trim();
}

beforeAll(() => makeRepository(count));

async function makeRepository(files: number): Promise<void> {
  repository = await temporaryDirectory();
  await git('init', '-q', '-b', 'a');
  const importing = run('git', ['-C', repository.path, 'fast-import', '--quiet']);
  importing.child.stdin?.end(['a', 'b'].map((branch) => commitOf(branch, namesOf(files))).join(''));
  await importing;
}

function namesOf(files: number): readonly string[] {
  return Array.from({ length: files }, (_, index) => `t${index}`);
}

/** As `git fast-import` reads it, since writing the files would take longer than all the tests. */
function commitOf(branch: string, names: readonly string[]): string {
  const files = Object.entries(manifests(Object.fromEntries(names.map((name) => [name, branch]))));
  const changes = files.flatMap(([path, text]) => [`M 100644 inline tasks.d/${path}`, `data ${text.length}`, text]);
  const head = [`commit refs/heads/${branch}`, 'committer t <t@t> 0 +0000', 'data 1', branch];
  return `${[...head, ...(branch === 'b' ? ['from refs/heads/a'] : []), ...changes].join('\n')}\n`;
}

afterAll(() => repository[Symbol.asyncDispose]());

/** The one branch that a snapshot is of. */
function branchOf({ files }: Snapshot): string {
  const texts = files.map((file) => contentIn(file));
  const branches = new Set(
    texts.filter((text) => text.includes('CloudSyncTask')).map((text) => /description: (.+)/.exec(text)?.[1]),
  );
  return files.length === count + 1 ? [...branches].join(' and ') : `${files.length} files`;
}

/** Every snapshot that can be had while this is done, as the branches that they are of. */
async function branchesSeen(act: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  let previous: Snapshot | null = null;
  let isDone = false;
  const acting = act().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    // It does not wait for Git, so that there are attempts at every moment.
    const result = await takeSnapshot({ directory: repository.at('tasks.d'), previous, signal: AbortSignal.abort() });
    await nextTurn();
    if (!result.ok) continue;
    previous = result.value;
    seen.add(branchOf(previous));
  }
  await acting;
  const last = await takeSnapshot({ directory: repository.at('tasks.d'), previous });
  return last.ok ? seen.add(branchOf(last.value)) : seen;
}

describe(`while Git turns ${count} manifests into others, no snapshot is of both`, () => {
  const own = async () => {
    await repository.write('own', '');
    await git('add', 'own');
    await git('commit', '-q', '-m', 'own');
  };
  const edit = () => git('restore', '--source', 'b', '--worktree', '.');
  const operations: readonly (readonly [string, readonly (() => Promise<unknown>)[]])[] = [
    ['checkout -q b', []],
    ['switch -q --detach b', []],
    ['reset -q --hard b', []],
    ['pull -q --ff-only . b', []],
    ['pull -q --rebase . b', [own]],
    ['rebase -q b', [own]],
    ['stash -q', [edit]],
    ['stash pop -q', [edit, () => git('stash', '-q')]],
  ];

  test.for(operations)('git %s', async ([command, preparations]) => {
    await git('checkout', '-q', '-f', '-B', 'work', 'a');
    for (const prepare of preparations) await prepare();
    const branches = await branchesSeen(() => git(...command.split(' ')));
    expect(['a', 'b']).toEqual(expect.arrayContaining([...branches]));
    expect([...branches].at(-1)).toBe(command === 'stash -q' ? 'a' : 'b');
  });
});

describe('a daemon over such a checkout', () => {
  beforeAll(async () => {
    await repository[Symbol.asyncDispose]();
    await makeRepository(countOfDaemon);
  });

  /** It reads all manifests, and takes care of these tasks: to write thousands of statuses takes longer than all the rest. */
  const selected = namesOf(countOfDaemon).filter((name) => name.endsWith('7'));

  /** How many tasks each pass changed: a pass over half a checkout changes some of them. */
  function counts({ daemon }: Followed, action: string): readonly number[] {
    const changes = daemon.lines.flatMap((line) => (line.changes === undefined ? [] : [line.changes]));
    return changes
      .map((each) => each.filter((change) => change.action === action).length)
      .filter((length) => length > 0);
  }

  async function writtenAt(directory: TemporaryDirectory): Promise<ReadonlyMap<string, number>> {
    const times = selected.map(
      async (name) => [name, (await stat(directory.at(`state/status/${name}.status.json`))).mtimeMs] as const,
    );
    return new Map(await Promise.all(times));
  }

  test('takes a checkout in one pass, and a commit to one of them rewrites the status of that one', async () => {
    await git('checkout', '-q', '-f', '-B', 'work', 'a');
    await using followed = await follow({
      layout: async () => repository.at('tasks.d'),
      parameters: ['--status-dir', 'state/status', '--name', '*7'],
    });
    const { directory } = followed;
    await git('checkout', '-q', 'b');
    await eventually('the checkout is applied', () => (counts(followed, 'update').length > 0 ? true : null));
    const revision = await git('rev-parse', 'b');
    for (const name of selected) {
      await followed.status(`${name}.yaml`, ({ sync, applied }) => sync === 'Synced' && applied?.revision === revision);
    }
    const before = await writtenAt(directory);

    await repository.write('tasks.d/t7.yaml', manifest('t7', 'c'));
    await git('commit', '-q', '-a', '-m', 'c');
    await followed.status('t7.yaml', ({ applied }) => applied?.revision !== revision);
    await followed.cloudsync.run('apply');

    const after = await writtenAt(directory);
    expect(selected.filter((name) => after.get(name) !== before.get(name))).toEqual(['t7']);
    expect(counts(followed, 'create')).toEqual([selected.length]);
    expect(counts(followed, 'update')).toEqual([selected.length, 1]);
    expect(await followed.deleted()).toEqual([]);
  });
});
