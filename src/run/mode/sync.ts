import { plural } from '../../model/wording.ts';
import { countFiles } from '../../rclone/count-files.ts';
import { allowedDeletes, limitText, needsRehearsal } from '../delete-limit.ts';
import { type Ending, endedEarly } from '../ending.ts';
import type { Job } from '../job.ts';
import { type RunOrder, stopReason } from '../run-order.ts';
import { rehearse, type TransferTools, transfer } from '../transfer.ts';

/**
 * A SYNC that deletes no more than it may. The deletions are counted by a dry run before the first of them, unless the
 * source has hardly shrunk, and rclone itself stops at the limit in any case.
 */
export async function runSync(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  if (order.dryRun) return simulated(order, job, tools);
  const sourceFiles = await count(job, job.transfer.source, tools);
  if (typeof sourceFiles !== 'number') return sourceFiles;
  const checked = await checkDeletes(order, job, sourceFiles, tools);
  if ('outcome' in checked) return checked;
  if (tools.signal.aborted) return endedEarly(stopReason(tools.signal), 'the run was stopped before rclone started');
  const { maxDelete } = checked;
  const ending = await transfer(order, { ...job, transfer: { ...job.transfer, maxDelete } }, tools);
  return { ...ending, sourceFiles };
}

interface Bound {
  /** For rclone; `null`: none. */
  readonly maxDelete: number | null;
}

async function checkDeletes(
  order: RunOrder,
  job: Job,
  sourceFiles: number,
  tools: TransferTools,
): Promise<Bound | Ending> {
  const { safety } = order.task.spec;
  const emptied = sourceFiles === 0 && !safety.allowEmptySource;
  const rehearsed = job.verbose || order.allowDeletes !== null || needsRehearsal(safety);
  if (!emptied && !rehearsed && order.lastFiles !== null) {
    const maxDelete = allowedDeletes(safety.maxDelete, order.lastFiles);
    // What is too little for a percentage says nothing of what others may have put at the destination.
    if (maxDelete !== null) return { maxDelete };
  }
  const destinationFiles = await count(job, job.transfer.destination, tools);
  if (typeof destinationFiles !== 'number') return destinationFiles;
  if (emptied && destinationFiles > 0) return endedEarly('Blocked', emptiedSentence(destinationFiles));
  const limit = allowedDeletes(safety.maxDelete, destinationFiles);
  if (!rehearsed && (limit === null || safety.preflight === 'never')) return { maxDelete: limit };
  const rehearsal = await rehearse(order, job, tools);
  if (!rehearsal.ok) return rehearsal.error;
  const { deletes, undecryptable } = rehearsal.value;
  if (undecryptable > 0) return endedEarly('Blocked', undecryptableSentence(undecryptable));
  const allowed = order.allowDeletes ?? limit;
  if (allowed === null || deletes <= allowed) return { maxDelete: allowed };
  return endedEarly('Blocked', tooManySentence(order, { deletes, destinationFiles, allowed }));
}

/** What a dry run is for: to say also that the real run would be refused. */
async function simulated(order: RunOrder, job: Job, tools: TransferTools): Promise<Ending> {
  const rehearsal = job.verbose ? await rehearse(order, job, tools) : null;
  if (rehearsal?.ok === false) return rehearsal.error;
  const { undecryptable = 0 } = rehearsal?.value ?? {};
  if (undecryptable > 0) return endedEarly('Blocked', undecryptableSentence(undecryptable));
  let deletes = 0;
  const ending = await transfer(order, job, {
    ...tools,
    emit(event) {
      if (event.type === 'RunChange' && event.change.action === 'delete') deletes += 1;
      tools.emit(event);
    },
  });
  if (deletes === 0 || ending.exitCode !== 0) return ending;
  const refusal = await refusalOf(order, job, deletes, tools);
  if (refusal === null) return ending;
  if (typeof refusal !== 'string') return refusal;
  const warning = `a real run would be refused: ${refusal}`;
  return { ...ending, outcome: 'SucceededWithWarnings', warnings: [...ending.warnings, warning] };
}

/** Why a real run that deletes so many files would not begin; `null`: it would. */
async function refusalOf(order: RunOrder, job: Job, deletes: number, tools: TransferTools) {
  const { safety } = order.task.spec;
  const destinationFiles = await count(job, job.transfer.destination, tools);
  if (typeof destinationFiles !== 'number') return destinationFiles;
  const sourceFiles = safety.allowEmptySource ? null : await count(job, job.transfer.source, tools);
  if (sourceFiles === 0) return emptiedSentence(destinationFiles);
  if (sourceFiles !== null && typeof sourceFiles !== 'number') return sourceFiles;
  const allowed = order.allowDeletes ?? allowedDeletes(safety.maxDelete, destinationFiles);
  return allowed === null || deletes <= allowed ? null : tooManySentence(order, { deletes, destinationFiles, allowed });
}

async function count({ filters, transfer: { followSymlinks } }: Job, place: string, tools: TransferTools) {
  const counted = await countFiles(
    tools.binary,
    tools.rcloneEnvironment,
    { place, filters, followSymlinks },
    tools.signal,
  );
  if (counted.ok) return counted.value;
  const { message, retryable } = counted.error;
  return { ...endedEarly('Failed', tools.redact(message)), retryable };
}

interface Deletion {
  readonly deletes: number;
  readonly destinationFiles: number;
  readonly allowed: number;
}

function tooManySentence({ task: { name, spec }, allowDeletes }: RunOrder, found: Deletion): string {
  const { deletes, destinationFiles, allowed } = found;
  const limit =
    allowDeletes === null
      ? `safety.maxDelete is ${limitText(spec.safety.maxDelete, allowed)}`
      : `${allowed} are allowed`;
  return (
    `SYNC would delete ${deletes} of the ${destinationFiles} files at the destination, and ${limit}; ` +
    `"cloudsync run ${name} --dry-run" shows them, "cloudsync run ${name} --allow-deletes ${deletes}" lets one run pass`
  );
}

function emptiedSentence(destinationFiles: number): string {
  return (
    `there is no file to sync at the source, and SYNC would delete all ${destinationFiles} files at the destination; ` +
    'if that is meant, set spec.safety.allowEmptySource to true'
  );
}

function undecryptableSentence(found: number): string {
  return `${plural(found, 'name')} at the source cannot be decrypted, and SYNC would delete what they stand for here`;
}
