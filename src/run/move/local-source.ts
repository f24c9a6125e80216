import { systemWords } from '../../model/system-error.ts';
import { createFolds } from './collisions.ts';
import {
  type FileState,
  isFresh,
  type LocalFile,
  type LocalTree,
  printsOf,
  unlinkIf,
  walkFiles,
} from './local-files.ts';
import type { Kept, MoveSource } from './move-source.ts';
import { createPrints } from './prints.ts';

/**
 * A local source. Before anything is sent, each file is looked at; afterwards each that is proven is looked at again and
 * removed in the same step.
 */
export async function openLocalSource(tree: LocalTree, signal: AbortSignal): Promise<MoveSource> {
  const before = createPrints();
  const folds = createFolds();
  const startedAt = Date.now();
  const appeared: string[] = [];
  await walkFiles(tree, signal, ({ name, state }) => {
    if (name === null) return;
    const { whole, shared } = printsOf(state);
    before.add(name, state.file.nlink > 1n ? shared : whole);
    folds.add(name);
  });

  function isSame(name: string, state: FileState): boolean {
    const { whole, shared } = printsOf(state);
    return before.matches(name, whole) || before.matches(name, shared);
  }

  return {
    sharedFolds: folds.shared,
    unreachable: [],
    proven(name) {
      if (!before.mark(name)) appeared.push(name);
    },
    async remove(arrivals, onRemoved) {
      let removed = 0;
      const kept: Kept[] = appeared.map((name) => ({ name, why: 'appeared' }));
      const failures: string[] = [];
      const removeProven = ({ path, name, state }: LocalFile) => {
        if (signal.aborted || name === null || !before.isMarked(name) || !arrivals.lists(name)) return;
        if (isFresh(state, startedAt)) {
          kept.push({ name, why: 'fresh' });
          return;
        }
        if (isSame(name, state) && !arrivals.holds(name, Number(state.file.size))) return;
        try {
          const done = unlinkIf(path, (now) => isSame(name, now));
          if (done === 'another') kept.push({ name, why: 'changed' });
          if (done !== 'removed') return;
          removed += 1;
          onRemoved(name);
        } catch (error) {
          failures.push(`${name}: ${systemWords(error)}`);
        }
      };
      await walkFiles(tree, signal, ({ name, state }) => {
        if (name === null || !before.isMarked(name) || arrivals.lists(name)) return;
        arrivals.miss(name, isSame(name, state) ? Number(state.file.size) : -1);
      });
      // What is there and cannot be looked at may have been sent.
      await walkFiles(tree, signal, removeProven, (path, error) => failures.push(`${path}: ${systemWords(error)}`));
      return { removed, kept, failures };
    },
  };
}
