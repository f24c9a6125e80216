import { listed, plural } from '../../model/wording.ts';
import { escapeGlob } from '../../rclone/filter-selection.ts';
import { type Ending, endedByFailure, endedEarly } from '../ending.ts';
import type { Job } from '../job.ts';
import type { RunOrder } from '../run-order.ts';
import type { TransferTools } from '../transfer.ts';
import { findSuspects, forgetSettled, listingOf, rcloneOf, type SuspectFile, suspicionsAt } from './find.ts';

/** Each is a rule that rclone tries on each file. */
const mostLeftOut = 1000;
const mostNamed = 10;

export type Readable =
  | { readonly kind: 'job'; readonly job: Job; readonly warnings: readonly string[] }
  | { readonly kind: 'ended'; readonly ending: Ending };

/**
 * The job without those files of its source that a run of whatever task may have left cut off there. They are left out
 * on both sides, so what the destination has of them stays as it is.
 */
export async function leavingOutCutOffs(order: RunOrder, job: Job, tools: TransferTools): Promise<Readable> {
  const side = order.task.spec.direction === 'PUSH' ? 'here' : 'far';
  const suspicions = await suspicionsAt(side, order.task, tools);
  if (!suspicions.ok) return { kind: 'ended', ending: endedEarly('Failed', suspicions.error) };
  const rclone = rcloneOf(tools);
  const found = await findSuspects(suspicions.value, listingOf('source', job, false), rclone);
  if (!found.ok) return { kind: 'ended', ending: endedByFailure(found.error) };
  const suspects = found.value;
  if (suspects.length === 0) {
    if (!order.dryRun) await forgetSettled(suspicions.value, listingOf('source', job, true), tools.cutOffs, rclone);
    return { kind: 'job', job, warnings: [] };
  }
  const sentence = cutOffSentence(suspects);
  if (suspects.length > mostLeftOut) return { kind: 'ended', ending: endedEarly('Blocked', sentence) };
  const rules = suspects.map(({ path }) => `- /${escapeGlob(path)}\n`).join('');
  const without = { ...job, filters: `${rules}${job.filters ?? ''}`, transfer: { ...job.transfer, hasFilters: true } };
  return { kind: 'job', job: without, warnings: [`left out: ${sentence}`] };
}

/** Which files may be cut off, why, and what to do. */
export function cutOffSentence(suspects: readonly SuspectFile[]): string {
  const names = listed(
    suspects.map(({ path }) => path),
    mostNamed,
  );
  const tasks = [...new Set(suspects.flatMap(({ by }) => by.map(({ cutOff }) => cutOff.task)))].sort();
  const task = `task${tasks.length === 1 ? '' : 's'} ${listed(tasks, 3)}`;
  return (
    `${plural(suspects.length, 'file')} may be cut off (${names}), as a run of ${task} that wrote there did not come ` +
    'to its end; let that task succeed, or write the files again'
  );
}
