import type { Deletions } from '../model/memory.ts';
import { ok, type Result } from '../model/result.ts';
import { addDeletions, deletionsOf, noDeletions } from './deletions.ts';
import type { RunOrder, RunTools } from './run-order.ts';

/** The deletions of one run, all of its attempts together, and what of them later runs have to know. */
export interface Ledger {
  /** Of earlier runs and of this one, since the destination last equalled its source; `null`: none. */
  readonly known: Deletions | null;
  /** How many more files this run may delete by what its first rehearsal counted; `null`: it has not counted yet. */
  readonly left: number | null;
  /** The files that the first rehearsal of this run named; `null`: it named none yet. */
  readonly named: ReadonlySet<string> | null;
  /** Called with what a rehearsal found and may be done; the first one of a run bounds all its attempts. */
  rehearsed(paths: ReadonlySet<string>): void;
  /** Called before rclone may delete; durable once it resolves. The error is a sentence. */
  begin(planned: Planned): Promise<Result<void, string>>;
  /** Called when that rclone has ended. */
  end(done: Done): Promise<void>;
  /** Both sides are the same now. */
  settle(): Promise<void>;
}

export interface Planned {
  readonly paths: ReadonlySet<string>;
  /** Deletions that nothing is known about but their number. */
  readonly unnamed: number;
  readonly destinationFiles: number;
}

export interface Done {
  readonly paths: readonly string[];
  /** rclone ended by itself, so that it has logged everything it did. */
  readonly byItself: boolean;
  readonly stoppedAtBound: boolean;
}

type LedgerTools = Pick<RunTools, 'memory'>;

/** A dry run has a pen that writes nothing. */
export function openLedger({ task, memory, allowDeletes }: RunOrder, { memory: pen }: LedgerTools): Ledger {
  const { specHash } = task;
  let known = deletionsOf(memory, specHash);
  let before = known;
  let left: number | null = null;
  let named: ReadonlySet<string> | null = null;

  async function note(deletions: Deletions | null): Promise<Result<void, string>> {
    known = deletions;
    const written = await pen.note({ deletions });
    return written.ok ? ok(undefined) : written;
  }

  return {
    get known() {
      return known;
    },
    get left() {
      return left;
    },
    get named() {
      return named;
    },
    rehearsed(paths) {
      left ??= paths.size;
      named ??= paths;
    },
    begin({ paths, unnamed, destinationFiles }) {
      left ??= paths.size + unnamed;
      before = known;
      const added = addDeletions(known ?? noDeletions(specHash, destinationFiles), paths);
      return note({ ...added, others: added.others + unnamed });
    },
    async end({ paths, byItself, stoppedAtBound }) {
      left = Math.max(0, (left ?? 0) - paths.length);
      const start = known ?? noDeletions(specHash, 0);
      const base = byItself ? { ...noDeletions(specHash, start.destinationFiles), ...before } : start;
      const all = addDeletions(base, paths);
      await note({ ...all, stoppedAtBound: all.stoppedAtBound || stoppedAtBound });
    },
    async settle() {
      if (known === null) return;
      // What stopped at the limit has to be allowed by a person, and a run that deleted nothing was not.
      const latched = known.stoppedAtBound && allowDeletes === null;
      const next = latched ? { ...noDeletions(specHash, known.destinationFiles), stoppedAtBound: true } : null;
      if (latched && known.paths.length + known.others === 0) return;
      await note(next);
    },
  };
}
