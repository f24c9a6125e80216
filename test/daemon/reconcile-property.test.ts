import { copyFile, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/daemon/engine.ts';
import type { Reconciliation } from '../../src/daemon/reconcile.ts';
import { openSession } from '../../src/daemon/session.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import type { FakeClock } from '../helper/fake-clock.ts';
import { sessionOptions, type TasksDirectory, tasksDirectory } from './tasks-directory.ts';
import { treeOf } from './tree.ts';

const names = ['films', 'music', 'photos'] as const;
const files = ['a.yaml', 'b.yaml', 'c.yml', 'sub/a.yaml', 'sub/d.yaml'] as const;
const contents = ['daily', 'weekly', 'broken', 'nameless', 'not YAML'] as const;

type Operation =
  | { readonly do: 'write'; readonly file: string; readonly name: string; readonly content: string }
  | { readonly do: 'remove'; readonly file: string }
  | { readonly do: 'move' | 'copy' | 'swap'; readonly from: string; readonly to: string };

const file = fc.constantFrom(...files);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant('write' as const), file },
      ...{ name: fc.constantFrom(...names), content: fc.constantFrom(...contents, 'daily', 'weekly') },
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), file }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('move', 'copy', 'swap'), from: file, to: file }) },
);

test('whatever becomes of the files, a pass makes active what they say, and the next one changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      async (rounds) => {
        await using directory = await tasksDirectory();
        await directory.writeTask('always');
        await mkdir(directory.at('tasks.d/sub'));
        for (const operations of rounds) {
          for (const each of operations) await perform(each, directory);
          await withPasses(directory, async (engine, { pass, clock }) => {
            await pass();
            // What is absent is looked for twice before it counts.
            clock.advance(11_000);
            await pass();
            await checkActive(engine, directory);
            expect(await pass()).toMatchObject(nothingToDo);
          });
          const before = await treeOf(directory.path);
          await withPasses(directory, async (_, { pass }) => {
            for (let count = 0; count < 2; count += 1) expect(await pass()).toMatchObject(nothingToDo);
          });
          expect(await treeOf(directory.path)).toEqual(before);
        }
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

const nothingToDo = { plan: { summary: { create: 0, update: 0, delete: 0, adopt: 0 } }, failure: null };

interface Passes {
  readonly clock: FakeClock;
  pass(): Promise<Reconciliation>;
}

/** From the start of an owner of the state directory to its end, when all that it writes is written. */
async function withPasses(
  directory: TasksDirectory,
  use: (engine: Engine, passes: Passes) => Promise<void>,
): Promise<void> {
  const { options, clock, told } = sessionOptions(directory);
  const session = await openSession(options, 'apply');
  if (!session.ok) throw new Error(session.error.message);
  const { engine } = session.value;
  let snapshot: Snapshot | null = null;
  const pass = async () => {
    snapshot = await snapshotOf(directory, snapshot);
    return engine.apply(snapshot, null);
  };
  await use(engine, { clock, pass });
  await session.value.close();
  expect([...told.all('WriteFailed'), ...told.all('StateCorrupt')]).toEqual([]);
}

async function snapshotOf({ settings }: TasksDirectory, previous: Snapshot | null): Promise<Snapshot> {
  const taken = await takeSnapshot({ directory: settings.tasksName, previous });
  if (!taken.ok) throw new Error(taken.error.message);
  return taken.value;
}

/** What is valid is active as it is; what else is active has a manifest that is not valid to thank for it. */
async function checkActive(engine: Engine, directory: TasksDirectory): Promise<void> {
  const desired = await engine.read(await snapshotOf(directory, null));
  const active = engine.active();
  for (const [name, { specHash, path }] of desired.tasks)
    expect(active.get(name), name).toMatchObject({ specHash, path });
  const invalid = [...desired.invalid.values()];
  for (const { name, path } of active.values()) {
    if (desired.tasks.has(name)) continue;
    const reasons = invalid.filter((each) => each.path === path || each.name === name || each.name === null);
    expect(reasons, `${name} at ${path}`).not.toEqual([]);
  }
}

async function perform(operation: Operation, directory: TasksDirectory): Promise<void> {
  const at = (path: string) => directory.at('tasks.d', path);
  if (operation.do === 'write') {
    const path = `tasks.d/${operation.file}`;
    await directory.write(path, await textOf(operation.name, operation.content, directory));
  } else if (operation.do === 'remove') {
    await rm(at(operation.file), { force: true });
  } else if (operation.from !== operation.to && (await isThere(at(operation.from)))) {
    const [from, to, between] = [at(operation.from), at(operation.to), at('.between')];
    if (operation.do === 'copy') await copyFile(from, to);
    const swaps = operation.do === 'swap' && (await isThere(to));
    if (swaps) await rename(to, between);
    if (operation.do !== 'copy') await rename(from, to);
    if (swaps) await rename(between, from);
  }
}

async function textOf(name: string, content: string, directory: TasksDirectory): Promise<string> {
  if (content === 'not YAML') return 'a: [';
  const path = await directory.writeTask('.draft', content === 'broken' ? 'scheduel: daily' : `schedule: ${content}`);
  const text = (await readFile(path, 'utf8')).replaceAll('.draft', name);
  await rm(path);
  return content === 'nameless' ? text.replace(/name: .*/, '}') : text;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
