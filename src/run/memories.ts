import { join } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';
import { type MemoryPen, noMemory, type SuccessFacts, type TaskMemory } from '../model/memory.ts';
import type { Result } from '../model/result.ts';
import type { OnCorrupt } from '../state/json-file.ts';
import { readMemory, writeMemory } from '../state/memory-store.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** What runs leave for the guards of later runs, for all tasks. Read when a task first runs. */
export interface Memories {
  of(task: string): Promise<TaskMemory>;
  open(task: ResolvedTask): Promise<OpenMemory>;
  /** Writes all that is known again, where the files were lost. */
  rewrite(): Promise<void>;
}

/** The memory of one run. */
export interface OpenMemory {
  /** As it was when the run began. */
  readonly before: TaskMemory;
  readonly pen: MemoryPen;
  /** Keeps the facts of a run that has succeeded. */
  succeeded(at: number): Promise<void>;
}

interface MemoriesOptions {
  readonly state: StateDirectory;
  readonly onCorrupt: OnCorrupt;
  /** The path is relative to the state directory. */
  readonly onError: (path: string, detail: string) => void;
}

/** What runs of a task have left, for who does not own the state directory. */
export async function recall(state: StateDirectory, task: string): Promise<TaskMemory> {
  return (await readMemory(state, task, 'leave')) ?? noMemory;
}

export function createMemories({ state, onCorrupt, onError }: MemoriesOptions): Memories {
  const known = new Map<string, TaskMemory>();

  async function of(task: string): Promise<TaskMemory> {
    const memory = known.get(task) ?? (await readMemory(state, task, onCorrupt)) ?? noMemory;
    known.set(task, memory);
    return memory;
  }

  async function patch(task: string, part: Partial<TaskMemory>): Promise<Result<void, string>> {
    const memory = { ...(await of(task)), ...part };
    known.set(task, memory);
    const written = await writeMemory(state, task, memory);
    if (!written.ok) onError(join('memory', `${task}.json`), written.error);
    return written;
  }

  return {
    of,
    async open({ name, specHash }) {
      const before = await of(name);
      let facts: Partial<SuccessFacts> = {};
      return {
        before,
        pen: {
          note: (part) => patch(name, part),
          onSuccess(part) {
            facts = { ...facts, ...part };
          },
        },
        async succeeded(at) {
          await patch(name, { success: { ...facts, specHash, at } });
        },
      };
    },
    async rewrite() {
      for (const [task, memory] of known) await writeMemory(state, task, memory);
    },
  };
}
