import type { CutOff, CutOffs } from '../../src/model/cut-off.ts';

/** What runs may have left cut off, for as long as the test has it. */
export function cutOffsInMemory(): CutOffs {
  const known = new Map<string, CutOff>();
  return {
    all: async () => [...known.values()],
    async put(cutOff) {
      known.set(cutOff.runId, cutOff);
      return { ok: true, value: undefined };
    },
    async drop(runIds) {
      for (const runId of runIds) known.delete(runId);
    },
  };
}
