/**
 * What runs of a task leave for the guards of its later runs. A task without memory is treated as one that never ran,
 * so every field may be missing from a file that an earlier version wrote.
 */
export interface TaskMemory {
  /** Facts of the last success; `null`: there was none. */
  readonly success: SuccessFacts | null;
}

/** What was true when a run last succeeded. */
export interface SuccessFacts {
  /** Of the spec that ran. */
  readonly specHash: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export const noMemory: TaskMemory = { success: null };

/** Writes the memory of one task while it runs. A dry run gets one that writes nothing. */
export interface MemoryPen {
  /** Durable once it resolves, whatever becomes of the run; the error is in the system's words. */
  note(patch: Partial<TaskMemory>): Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  /** Kept with the facts of the success, if the run ends in one. */
  onSuccess(facts: Partial<SuccessFacts>): void;
}

export const noPen: MemoryPen = { note: async () => ({ ok: true }), onSuccess: () => {} };
