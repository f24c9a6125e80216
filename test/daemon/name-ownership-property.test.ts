import { lstatSync, readFileSync } from 'node:fs';
import { copyFile, lstat, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActiveSet } from '../../src/model/active.ts';
import { withPasses } from './passes.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

const graceMs = 10_000;
const names = ['docs', 'docs', 'films'] as const;
const files = ['a.yaml', 'b.yaml', 'c.YAML', 'd.yaml.txt', 'sub/a.yaml', 'sub/b.yml'] as const;
const oddTexts = ['', '# nothing\n', 'kind: CloudSy', 'a: 1\n---\nb: 2\n', '<<<<<<< HEAD\n', '\u0000'] as const;

type Operation =
  | { readonly do: 'write'; readonly file: string; readonly name: string; readonly words: string }
  | { readonly do: 'spoil'; readonly file: string; readonly text: string }
  | { readonly do: 'break' | 'remove' | 'dangle' | 'occupy'; readonly file: string }
  | { readonly do: 'move' | 'copy'; readonly from: string; readonly to: string }
  | { readonly do: 'link' | 'unlink' }
  | { readonly do: 'pass'; readonly afterMs: number }
  | { readonly do: 'restart' };

const file = fc.constantFrom(...files);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      file,
      name: fc.constantFrom(...names),
      words: fc.constantFrom('one', 'two', 'three'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('spoil' as const), file, text: fc.constantFrom(...oddTexts) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('break' as const, 'remove', 'dangle', 'occupy'), file }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('move' as const, 'copy'), from: file, to: file }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('link' as const, 'unlink') }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      afterMs: fc.constantFrom(0, 4_000, graceMs + 1, graceMs + 1),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' } as const) },
);

const applied: readonly Operation[] = [
  { do: 'write', file: 'a.yaml', name: 'docs', words: 'one' },
  { do: 'write', file: 'sub/a.yaml', name: 'films', words: 'one' },
  { do: 'pass', afterMs: 0 },
];

test('no task takes what its own file did not say, or ends, while something is in that place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 6, maxLength: 30 }), async (operations) => {
      await using directory = await tasksDirectory({ pruneGraceMs: graceMs });
      await mkdir(directory.at('tasks.d/sub'));
      await directory.writeTask('always');
      const rest: Operation[] = [...applied, ...operations];
      const story: Story = { now: graceMs, occupiedAt: new Map() };
      while (rest.length > 0) {
        await withPasses(directory, async ({ clock, engine, pass }) => {
          for (let next = rest.shift(); next !== undefined && next.do !== 'restart'; next = rest.shift()) {
            if (next.do !== 'pass') {
              await perform(next, directory);
              continue;
            }
            clock.advance(next.afterMs);
            story.now += next.afterMs;
            const before = engine.active();
            await pass();
            judge(before, engine.active(), directory, story);
          }
        });
      }
    }),
    { numRuns: 100 },
  );
}, 120_000);

interface Story {
  now: number;
  /** By name: when a pass last found something in the place of the task's own file. */
  readonly occupiedAt: Map<string, number>;
}

/** What may have happened in one pass to each task that was active before it. */
function judge(before: ActiveSet, after: ActiveSet, directory: TasksDirectory, story: Story): void {
  for (const { name, path, spec } of before.values()) {
    if (name === 'always') continue;
    const now = after.get(name);
    const said = whatIsSaid(path, directory);
    // A valid manifest of another name, and nothing at all, let the name go.
    const isFree = said === 'nothing' || (typeof said === 'object' && said.name !== name);
    const awayMs = story.now - (story.occupiedAt.get(name) ?? 0);
    if (!isFree || now?.path !== path) story.occupiedAt.set(name, story.now);
    if (now !== undefined && now.spec.description === spec.description) continue;
    if (isFree) {
      expect(awayMs, `${name} of ${path} was away`).toBeGreaterThanOrEqual(graceMs);
      continue;
    }
    expect(said, `${name} of ${path} became ${JSON.stringify(now?.spec.description)}`).toEqual({
      name,
      words: now?.spec.description,
    });
  }
}

type Said = { readonly name: string; readonly words: string } | 'nothing' | 'something else';

/** Told from the disk alone. */
function whatIsSaid(path: string, directory: TasksDirectory): Said {
  const at = directory.at('tasks.d', path);
  const folder = path.includes('/') ? lstatSync(directory.at('tasks.d/sub'), { throwIfNoEntry: false }) : undefined;
  if (folder?.isSymbolicLink() === true) return 'something else';
  const stats = lstatSync(at, { throwIfNoEntry: false });
  if (stats === undefined) return 'nothing';
  if (!stats.isFile()) return 'something else';
  const said = /^# sound (\w+) (\w+)\n/.exec(readFileSync(at, 'utf8'));
  return said === null ? 'something else' : { name: String(said[1]), words: String(said[2]) };
}

async function perform(operation: Operation, directory: TasksDirectory): Promise<void> {
  const at = (path: string) => directory.at('tasks.d', path);
  switch (operation.do) {
    case 'write':
      return put(at(operation.file), textOf(operation.name, operation.words, directory));
    case 'spoil':
      return put(at(operation.file), operation.text);
    case 'break':
      return put(at(operation.file), 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: docs }\n');
    case 'remove':
      return rm(at(operation.file), { recursive: true, force: true });
    case 'dangle':
      await rm(at(operation.file), { recursive: true, force: true });
      return symlink('nowhere', at(operation.file)).catch(() => undefined);
    case 'occupy':
      await rm(at(operation.file), { recursive: true, force: true });
      await mkdir(at(operation.file)).catch(() => undefined);
      return;
    case 'move':
    case 'copy': {
      const { from, to } = operation;
      const stats = await lstat(at(from)).catch(() => null);
      if (from === to || stats?.isFile() !== true) return;
      await rm(at(to), { recursive: true, force: true });
      if (operation.do === 'move') return rename(at(from), at(to)).catch(() => undefined);
      return copyFile(at(from), at(to)).catch(() => undefined);
    }
    case 'link':
      if ((await lstat(at('sub'))).isSymbolicLink()) return;
      await rename(at('sub'), directory.at('outside'));
      return symlink('../outside', at('sub'));
    case 'unlink':
      if (!(await lstat(at('sub'))).isSymbolicLink()) return;
      await rm(at('sub'));
      return rename(directory.at('outside'), at('sub'));
    case 'pass':
    case 'restart':
      return;
  }
}

async function put(path: string, text: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, text).catch(() => undefined);
}

function textOf(name: string, words: string, directory: TasksDirectory): string {
  return `# sound ${name} ${words}
apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata: { name: ${name} }
spec:
  description: ${words}
  direction: PUSH
  path: ${directory.at('source')}
  remote: { credential: here, folder: ${name} }
`;
}
