import { isSuccess } from '../../model/run.ts';
import { type Ending, endedEarly } from '../ending.ts';
import { hearing } from '../hearing.ts';
import type { Job } from '../job.ts';
import type { Ledger, Planned } from '../ledger.ts';
import type { RunOrder } from '../run-order.ts';
import { type TransferTools, transfer } from '../transfer.ts';

export interface ModeTools extends TransferTools {
  readonly ledger: Ledger;
}

export interface Bound {
  readonly planned: Planned;
  /** For rclone. */
  readonly maxDelete: number;
}

/** A SYNC that rclone itself holds to a number of deletions, with all of them in the ledger before the first. */
export async function deleteWithin(
  order: RunOrder,
  job: Job,
  tools: ModeTools,
  { planned, maxDelete }: Bound,
): Promise<Ending> {
  const { ledger } = tools;
  const mayDelete = maxDelete > 0;
  if (mayDelete) {
    const noted = await ledger.begin(planned);
    if (!noted.ok)
      return endedEarly('Failed', `nothing was deleted, as the deletions could not be noted: ${noted.error}`);
  }
  const paths: string[] = [];
  const ending = await transfer(
    order,
    { ...job, transfer: { ...job.transfer, maxDelete } },
    hearing(tools, 'delete', (path) => paths.push(path)),
  );
  const stoppedAtBound = ending.exitCode === 7 && /max-delete threshold/.test(ending.lastError ?? '');
  if (isSuccess(ending.outcome)) await ledger.settle();
  else if (mayDelete || stoppedAtBound) {
    const byItself = ending.exitCode !== null && ending.exitCode < 128;
    await ledger.end({ paths, byItself, stoppedAtBound });
  }
  const lastError = stoppedAtBound ? boundSentence(order.task.name, maxDelete) : ending.lastError;
  return { ...ending, lastError, stats: { ...ending.stats, deletes: paths.length } };
}

function boundSentence(name: string, maxDelete: number): string {
  return (
    `more files would be deleted than this run may delete (${maxDelete}), so it was stopped; nothing more is deleted ` +
    `until somebody allows it. "cloudsync run ${name} --dry-run" shows what is left to delete, and ` +
    `"cloudsync run ${name} --allow-deletes N" lets one run delete N files`
  );
}
