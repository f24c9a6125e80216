import type { MemoryPen, TaskMemory } from '../model/memory.ts';

/** The memory of a task as it is now: also what an earlier attempt of the same run has noted. */
export interface CurrentMemory {
  readonly pen: MemoryPen;
  read(): TaskMemory;
}

export function currentMemory(before: TaskMemory, pen: MemoryPen): CurrentMemory {
  let memory = before;
  return {
    read: () => memory,
    pen: {
      note(patch) {
        memory = { ...memory, ...patch };
        return pen.note(patch);
      },
      onSuccess: (facts) => pen.onSuccess(facts),
    },
  };
}
