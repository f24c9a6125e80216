import type { CheckRecord } from '../model/check.ts';
import type { Emit } from '../model/event.ts';
import { writeChecks } from '../state/check-store.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** The last check of each task: in memory always the latest, on the disk as soon as it takes it. */
export interface Checks {
  of(task: string): CheckRecord | null;
  keep(check: CheckRecord): void;
  /** Writes them again, where their file was lost. */
  rewrite(): Promise<void>;
  /** Resolves when no write is under way. */
  settled(): Promise<void>;
}

interface ChecksOptions {
  readonly state: StateDirectory;
  /** As they were read; becomes the property of the result. */
  readonly known: Map<string, CheckRecord>;
  readonly emit: Emit;
}

export function createChecks({ state, known, emit }: ChecksOptions): Checks {
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const written = await writeChecks(state, known);
    if (!written.ok) emit({ type: 'WriteFailed', path: 'checks.json', detail: written.error });
  }

  return {
    of: (task) => known.get(task) ?? null,
    keep(check) {
      known.set(check.task, check);
      // One write follows the other, so that the latest is what stays.
      writing = writing.then(write);
    },
    rewrite() {
      writing = writing.then(write);
      return writing;
    },
    settled: () => writing,
  };
}
