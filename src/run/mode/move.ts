import type { Ending } from '../ending.ts';
import type { Job } from '../job.ts';
import type { RunOrder } from '../run-order.ts';
import { type TransferTools, transfer } from '../transfer.ts';

/** A MOVE deletes at the source what is at the destination. */
export function runMove(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  return transfer(order, job, tools);
}
