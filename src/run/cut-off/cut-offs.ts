import type { CutOff, CutOffs } from '../../model/cut-off.ts';
import { cutOffName, readCutOffs, removeCutOff, writeCutOff } from '../../state/cut-off-store.ts';
import type { OnCorrupt } from '../../state/json-file.ts';
import type { StateDirectory } from '../../state/state-directory.ts';
import { bounded } from './bounded.ts';

export interface KeptCutOffs extends CutOffs {
  /** Writes all that is known again, where the files were lost. */
  rewrite(): Promise<void>;
}

interface CutOffsOptions {
  readonly state: StateDirectory;
  readonly onCorrupt: OnCorrupt;
  /** The path is relative to the state directory. */
  readonly onError: (path: string, detail: string) => void;
  /** Milliseconds since the epoch. No rclone of an earlier process writes any more. */
  readonly now: number;
}

/** For the owner of the state directory. What a process that died left open ended at the latest by now. */
export async function openCutOffs({ state, onCorrupt, onError, now }: CutOffsOptions): Promise<KeptCutOffs> {
  const known = await readCutOffs(state, onCorrupt);

  async function put(cutOff: CutOff): ReturnType<CutOffs['put']> {
    known.set(cutOff.runId, cutOff);
    const written = await writeCutOff(state, cutOff);
    if (!written.ok) onError(cutOffName(cutOff.runId), written.error);
    const { changed, gone } = bounded([...known.values()]);
    for (const each of changed) {
      known.set(each.runId, each);
      await writeCutOff(state, each);
    }
    await drop(gone);
    return written;
  }

  async function drop(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      if (known.delete(runId)) await removeCutOff(state, runId);
    }
  }

  for (const cutOff of known.values()) if (cutOff.until === null) await put({ ...cutOff, until: now });
  return {
    all: async () => [...known.values()],
    put,
    drop,
    async rewrite() {
      for (const cutOff of known.values()) await writeCutOff(state, cutOff);
    },
  };
}

/** For who does not own the state directory, and only looks. */
export function recallCutOffs(state: StateDirectory): CutOffs {
  return {
    all: async () => [...(await readCutOffs(state, 'leave')).values()],
    put: async () => ({ ok: true, value: undefined }),
    drop: async () => {},
  };
}
