import type { Ending } from '../ending.ts';
import type { Job } from '../job.ts';
import type { RunOrder } from '../run-order.ts';
import { type TransferTools, transfer } from '../transfer.ts';

/** A COPY deletes nothing, so rclone needs no bounds. */
export function runCopy(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  return transfer(order, job, tools);
}
