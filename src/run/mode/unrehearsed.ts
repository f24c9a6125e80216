import { allowedDeletes } from '../delete-limit.ts';
import { emptiedSentence } from '../delete-refusal.ts';
import { type Ending, endedEarly } from '../ending.ts';
import type { Job } from '../job.ts';
import type { RunOrder } from '../run-order.ts';
import { countAt } from './count.ts';
import { deleteWithin, type ModeTools } from './delete-within.ts';

/**
 * `preflight: never`: nothing is known of the deletions before they happen, and rclone stops at the limit when that
 * many are done. What is left of the limit after earlier runs, or attempts, is all that there is.
 */
export async function syncUnrehearsed(order: RunOrder, job: Job, tools: ModeTools): Promise<Ending> {
  const { maxDelete: limit, allowEmptySource } = order.task.spec.safety;
  const { known, left } = tools.ledger;
  const emptied = allowEmptySource ? false : await isEmptied(job, tools);
  if (typeof emptied !== 'boolean') return emptied;
  const counts = emptied || (limit.kind === 'percentage' && order.allowDeletes === null);
  const destinationFiles = counts ? await countAt('destination', job, tools) : 0;
  if (typeof destinationFiles !== 'number') return destinationFiles;
  if (emptied && destinationFiles > 0) return endedEarly('Blocked', emptiedSentence(destinationFiles));

  const maxDelete = Math.min(left ?? Number.POSITIVE_INFINITY, remaining());
  return deleteWithin(order, job, tools, {
    planned: { paths: new Set(), unnamed: maxDelete, destinationFiles },
    maxDelete,
  });

  function remaining(): number {
    if (order.allowDeletes !== null) return order.allowDeletes;
    if (known?.stoppedAtBound === true) return 0;
    const allowed = allowedDeletes(limit, known?.destinationFiles ?? (destinationFiles as number));
    return Math.max(0, allowed - (known === null ? 0 : known.paths.length + known.others));
  }
}

async function isEmptied(job: Job, tools: ModeTools): Promise<boolean | Ending> {
  const sourceFiles = await countAt('source', job, tools);
  return typeof sourceFiles === 'number' ? sourceFiles === 0 : sourceFiles;
}
