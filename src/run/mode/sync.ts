import { isSuccess } from '../../model/run.ts';
import { listed, plural } from '../../model/wording.ts';
import { stopped } from '../deadline.ts';
import { needsRehearsal } from '../delete-limit.ts';
import { deleteRefusal, emptiedSentence } from '../delete-refusal.ts';
import { type Ending, endedEarly, withWarnings, withWarningsOf } from '../ending.ts';
import { hearing } from '../hearing.ts';
import type { Job } from '../job.ts';
import { type Rehearsal, rehearse } from '../rehearsal.ts';
import type { RunOrder } from '../run-order.ts';
import { transfer } from '../transfer.ts';
import { countAt } from './count.ts';
import { type Bound, deleteWithin, type ModeTools } from './delete-within.ts';
import { changedNames } from './kept-names.ts';
import { narrowed, type Steps } from './narrow.ts';
import { obstaclesIn } from './obstacle.ts';
import { syncUnrehearsed } from './unrehearsed.ts';

/**
 * A SYNC that deletes no more than it may: rclone's dry run comes first, and counts. Where it finds nothing to do, the
 * run ends there; otherwise the run is held to what the dry run named, or to the number of its deletions.
 */
export async function runSync(order: RunOrder, job: Job, tools: ModeTools): Promise<Ending> {
  const mayHideNames = isEncryptedSource(order);
  const mayLeaveOut = order.task.spec.direction === 'PULL' && job.verbose;
  if (!order.dryRun && !mayHideNames && !mayLeaveOut && !needsRehearsal(order.task.spec.safety)) {
    return syncUnrehearsed(order, job, tools);
  }
  if (order.dryRun && mayHideNames) {
    // What it would do depends on the names, so that comes first, and is told once.
    const look = await rehearse({ ...order, dryRun: false }, withoutDeletes(job), { ...tools, emit: () => {} });
    if (look.complete && look.undecryptable > 0) return holdDeletes(order, job, look.undecryptable, tools);
  }
  const rehearsal = await rehearse(order, job, tools);
  if (tools.signal.aborted) return endsHere(rehearsal, stopped(order.task.spec, tools.signal), tools);
  if (mayHideNames && rehearsal.complete && rehearsal.undecryptable > 0) {
    return holdDeletes(order, job, rehearsal.undecryptable, tools);
  }
  const refusal = await refusalOf(order, job, rehearsal, tools);
  if (refusal !== null) return endsHere(rehearsal, refusal, tools);
  if (!rehearsal.complete) {
    return rehearsal.unreadable === null || order.dryRun
      ? endsHere(rehearsal, rehearsal.ending, tools)
      : sendReadable(order, job, { rehearsal, unreadable: rehearsal.unreadable }, tools);
  }
  const obstacles = obstaclesIn(rehearsal);
  if (order.dryRun) return endsHere(rehearsal, withWarnings(rehearsal.ending, { last: obstacles }), tools);
  if (rehearsal.acts === 0 && rehearsal.ending.stats.errors === 0) {
    await tools.ledger.settle();
    return endsHere(rehearsal, { ...rehearsal.ending, sourceFiles: rehearsal.pairs }, tools);
  }
  tell(order, tools, summary(rehearsal));
  tools.ledger.rehearsed(rehearsal.deletes);
  const bound: Bound = {
    planned: { paths: rehearsal.deletes, unnamed: 0, destinationFiles: rehearsal.destinationFiles },
    maxDelete: rehearsal.deletes.size,
  };
  const steps = narrowed(job, rehearsal);
  const run =
    steps === null
      ? await deleteWithin(order, job, tools, bound)
      : await inSteps(order, steps, tools, { bound, job, rehearsal });
  const ending = withWarningsOf(rehearsal.ending, run);
  return isSuccess(ending.outcome) ? ending : withObstacles(ending, obstacles);
}

interface Held {
  readonly bound: Bound;
  readonly job: Job;
  readonly rehearsal: Rehearsal;
}

/** First what is written, and only if all of that has succeeded, what is deleted: as rclone does it in a sync. */
async function inSteps(order: RunOrder, { write, remove }: Steps, tools: ModeTools, held: Held): Promise<Ending> {
  const sent = new Set<string>();
  const written =
    write === null
      ? null
      : await transfer(
          order,
          write,
          hearing(tools, 'copy', (path) => sent.add(path)),
        );
  if (written !== null && !isSuccess(written.outcome)) return written;
  if (remove === null) {
    await tools.ledger.settle();
    return written ?? endedEarly('Failed', 'the rehearsal named no file');
  }
  if (tools.signal.aborted) return stopped(order.task.spec, tools.signal);
  const { deletes } = held.rehearsal;
  const changed = sent.size === 0 ? null : await changedNames(held.job, { sent, deletes }, tools);
  if (written !== null && changed !== null) return { ...written, outcome: 'Failed', lastError: changed };
  const removed = await deleteWithin(order, remove, tools, held.bound);
  return written === null ? removed : together(written, removed);
}

/** Why a run that would do this may not go on; `null`: it may. */
async function refusalOf(order: RunOrder, job: Job, rehearsal: Rehearsal, tools: ModeTools): Promise<Ending | null> {
  const { deletes } = rehearsal;
  if (!rehearsal.complete || deletes.size === 0) return null;
  const { allowEmptySource, maxDelete } = order.task.spec.safety;
  if (!allowEmptySource && rehearsal.pairs === 0 && rehearsal.copies.size === 0) {
    const sourceFiles = await countAt('source', job, tools);
    if (typeof sourceFiles !== 'number') return sourceFiles;
    if (sourceFiles === 0) return refused(order, rehearsal, emptiedSentence(deletes.size));
  }
  const sentence = deleteRefusal(order, rehearsal, tools.ledger);
  if (sentence === null || maxDelete.kind === 'count' || order.allowDeletes !== null) {
    return sentence === null ? null : refused(order, rehearsal, sentence);
  }
  // What rclone checked are so many files at least; a refusal is by their exact number.
  const destinationFiles = await countAt('destination', job, tools);
  if (typeof destinationFiles !== 'number') return destinationFiles;
  const exact = deleteRefusal(order, { deletes, destinationFiles }, tools.ledger);
  return exact === null ? null : refused(order, rehearsal, exact);
}

/** A dry run says in the same words that the real one would be refused, and still lists what it would do. */
function refused({ dryRun }: RunOrder, { ending }: Rehearsal, sentence: string): Ending {
  if (!dryRun) return endedEarly('Blocked', sentence);
  return { ...ending, outcome: 'Blocked', lastError: `a real run would be refused: ${sentence}` };
}

/** What the rehearsal heard is told only where no run says it again. */
function endsHere({ messages }: Rehearsal, ending: Ending, { emit }: ModeTools): Ending {
  for (const message of messages) emit(message);
  return ending;
}

interface PartlyReadable {
  readonly rehearsal: Rehearsal;
  readonly unreadable: readonly string[];
}

/** What cannot be read looks deleted. So everything else is sent by an operation that deletes nothing. */
async function sendReadable(
  order: RunOrder,
  job: Job,
  { rehearsal, unreadable }: PartlyReadable,
  tools: ModeTools,
): Promise<Ending> {
  tell(order, tools, 'some of the source or the destination cannot be read: the rest is sent, and nothing is deleted');
  const ending = await transfer(order, withoutDeletes(job), tools);
  if (ending.outcome !== 'Failed' && !isSuccess(ending.outcome)) return ending;
  const names = listed(unreadable, 10);
  const rest =
    isSuccess(ending.outcome) || ending.lastError === rehearsal.ending.lastError ? '' : ` (${ending.lastError})`;
  return {
    ...ending,
    outcome: 'Failed',
    retryable: ending.retryable || rehearsal.ending.retryable,
    lastError: `${names}; what could be read was sent${rest}, and nothing was deleted`,
  };
}

/** The same by an operation that deletes nothing. */
function withoutDeletes(job: Job): Job {
  const { 'track-renames': _, 'track-renames-strategy': __, ...flags } = job.transfer.flags;
  return { ...job, transfer: { ...job.transfer, operation: 'copy', flags } };
}

/** Names at the source that cannot be decrypted are as if their files were not there. */
function isEncryptedSource({ task: { spec } }: RunOrder): boolean {
  return spec.encryption !== null && spec.direction === 'PULL';
}

/**
 * What cannot be decrypted looks deleted. Everything else is sent, and nothing is deleted: one foreign file must not
 * keep the task from running for ever.
 */
async function holdDeletes(order: RunOrder, job: Job, undecryptable: number, tools: ModeTools): Promise<Ending> {
  const ending = await transfer(order, withoutDeletes(job), tools);
  const names = plural(undecryptable, 'name');
  const sentence = `${names} at the source cannot be decrypted, so nothing is deleted: remove what was not encrypted from the source`;
  return withWarnings(ending, { last: [sentence] });
}

function together(written: Ending, removed: Ending): Ending {
  const warnings = [...new Set([...written.warnings, ...removed.warnings])];
  const outcome = removed.outcome === 'Succeeded' ? written.outcome : removed.outcome;
  const stats = {
    bytes: written.stats.bytes + removed.stats.bytes,
    transfers: written.stats.transfers + removed.stats.transfers,
    checks: written.stats.checks + removed.stats.checks,
    deletes: written.stats.deletes + removed.stats.deletes,
    errors: written.stats.errors + removed.stats.errors,
  };
  return { ...removed, outcome, warnings, stats };
}

function withObstacles(ending: Ending, obstacles: readonly string[]): Ending {
  const [first] = obstacles;
  if (first === undefined || ending.lastError === null) return ending;
  return {
    ...ending,
    lastError: `${first} (${ending.lastError})`,
    warnings: [...ending.warnings, ...obstacles.slice(1)],
  };
}

function summary({ copies, deletes, others, destinationFiles }: Rehearsal): string {
  const parts = [`${plural(copies.size, 'file')} to copy`, `${deletes.size} to delete`];
  const rest = others.size === 0 ? '' : `, ${others.size} to move or update`;
  return `rehearsal: ${parts.join(', ')}${rest}, with at least ${plural(destinationFiles, 'file')} at the destination`;
}

function tell({ task, runId }: RunOrder, { emit }: ModeTools, message: string): void {
  emit({ type: 'RunLog', task: task.name, runId, level: 'info', message });
}
