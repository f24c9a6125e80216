import { plural } from '../model/wording.ts';
import { allowedDeletes, limitText } from './delete-limit.ts';
import { deletionsWith } from './deletions.ts';
import type { Ledger } from './ledger.ts';
import type { RunOrder } from './run-order.ts';

/** What a rehearsal found. */
export interface Wanted {
  readonly deletes: ReadonlySet<string>;
  /** Before this run; for a percentage. */
  readonly destinationFiles: number;
}

/** Why these deletions may not be done; `null`: they may. A run is never allowed more than its first rehearsal counted. */
export function deleteRefusal(order: RunOrder, { deletes, destinationFiles }: Wanted, ledger: Ledger): string | null {
  if (deletes.size === 0) return null;
  const { task, allowDeletes } = order;
  const wanted = { name: task.name, deletes: deletes.size };
  const others = othersThan(ledger.named, deletes);
  if (others > 0 || deletes.size > (ledger.left ?? Number.POSITIVE_INFINITY)) {
    return (
      `this attempt would delete ${plural(deletes.size, 'file')}, among them ${others} that the run did not count at ` +
      `its start: the source has lost more since then. ${nextStep(wanted)}`
    );
  }
  if (allowDeletes !== null) {
    if (deletes.size <= allowDeletes) return null;
    return `${wouldDelete(deletes.size, destinationFiles)}, and ${allowDeletes} are allowed; ${nextStep(wanted)}`;
  }
  const { known } = ledger;
  if (known?.stoppedAtBound === true) {
    return (
      `${wouldDelete(deletes.size, destinationFiles)}, and a run before this one was stopped because it would have ` +
      `deleted more than it had counted; nothing more is deleted until somebody allows it. ${nextStep(wanted)}`
    );
  }
  const limit = task.spec.safety.maxDelete;
  const before = known?.destinationFiles ?? destinationFiles;
  const allowed = allowedDeletes(limit, before);
  const all = deletionsWith(known, deletes);
  if (all <= allowed) return null;
  const earlier = all - deletes.size;
  const text = `safety.maxDelete is ${limitText(limit, allowed)}`;
  if (earlier === 0) return `${wouldDelete(deletes.size, before)}, and ${text}; ${nextStep(wanted)}`;
  return (
    `${wouldDelete(deletes.size, destinationFiles)}, after ${earlier} of ${before} by runs that did not come to their ` +
    `end, and ${text}; ${nextStep(wanted)}`
  );
}

function othersThan(named: ReadonlySet<string> | null, deletes: ReadonlySet<string>): number {
  if (named === null) return 0;
  let others = 0;
  for (const path of deletes) if (!named.has(path)) others += 1;
  return others;
}

function wouldDelete(deletes: number, destinationFiles: number): string {
  return `SYNC would delete ${deletes} of the ${destinationFiles} files at the destination`;
}

function nextStep({ name, deletes }: { readonly name: string; readonly deletes: number }): string {
  return (
    `"cloudsync run ${name} --dry-run" shows them, ` +
    `"cloudsync run ${name} --allow-deletes ${deletes}" lets one run pass`
  );
}

export function emptiedSentence(destinationFiles: number): string {
  return (
    `the source holds no file to sync, and SYNC would delete every file at the destination (${destinationFiles}); ` +
    'if that is meant, set spec.safety.allowEmptySource to true'
  );
}
