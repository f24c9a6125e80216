import type { ResolvedTask } from '../../model/desired.ts';
import { noMemory, noPen } from '../../model/memory.ts';
import type { RestoreOrder } from '../../model/restore.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { suspectsOf } from '../cut-off/doubted.ts';
import { cutOffSentence } from '../cut-off/leave-out.ts';
import { type Ending, endedByFailure, endedEarly } from '../ending.ts';
import { type FarSide, openFarSide } from '../far-side.ts';
import { guardRestore } from '../guard/guard.ts';
import { surroundingsOf } from '../guard/surroundings.ts';
import { keyOpensSome } from '../key.ts';
import { readLocalSide } from '../local-side.ts';
import { withNextStep } from '../next-step.ts';
import { stopReason } from '../run-order.ts';
import { findBackup } from './backups.ts';
import { copyInto, type RestoreJob } from './copy-into.ts';
import { lostFiles } from './lost-files.ts';
import { nothingRestored, type RestoreAbout, type RestoreEnding, type RestoreTools, warned } from './restore-ending.ts';
import { checkRestorePlace } from './restore-place.ts';
import { reverseTask, selectionOf } from './reverse-task.ts';
import { chooseWanted } from './wanted-files.ts';

/** Copies what a task has put at its far side into a directory. Every failure is an ending; nothing is thrown. */
export async function restore(
  task: ResolvedTask,
  order: RestoreOrder,
  about: RestoreAbout,
  tools: RestoreTools,
): Promise<RestoreEnding> {
  const reversed = reverseTask(task, order.directory);
  if (!reversed.ok) return nothingRestored(order, endedEarly('Blocked', reversed.error));
  const place = await checkRestorePlace(task, order, tools.environment);
  if (!place.ok) return nothingRestored(order, endedEarly('Blocked', place.error));
  // A single name that is not of this key must not keep the others from coming back.
  const opened = await openFarSide(reversed.value, tools);
  if (!opened.ok) return nothingRestored(order, endedEarly(opened.error.outcome, opened.error.message));
  await using far = opened.value;
  const job = await prepare({ task, reversed: reversed.value, order, far, about }, tools);
  if (tools.signal.aborted) {
    return nothingRestored(order, endedEarly(stopReason(tools.signal), 'the restore was stopped before it began'));
  }
  if (!job.ok) return nothingRestored(order, await withNextStep(reversed.value, job.error, tools));
  const copied = await copyInto(job.value, tools);
  const done = { ...copied, ending: await withNextStep(reversed.value, copied.ending, tools) };
  const complete = done.ending.outcome === 'Succeeded' || done.ending.outcome === 'SucceededWithWarnings';
  if (order.dryRun || order.backup !== null || !complete) return done;
  const { selection } = job.value;
  const suspects = await suspectsThere(job.value, tools);
  const lost = await lostFiles(
    { task: reversed.value, selection, runId: about.runId, far, history: about.history },
    tools,
  );
  return { ...done, ending: warned(done.ending, [...suspects, ...lost]) };
}

/** What is restored may be all that there is, so it is restored, and not called whole. */
async function suspectsThere(
  { task, source, choice, far }: RestoreJob,
  tools: RestoreTools,
): Promise<readonly string[]> {
  const names = choice.input?.split('\n').filter((name) => name !== '') ?? [];
  const only = choice.kind === 'names' ? { names } : choice.input === null ? null : { filters: choice.input };
  const found = await suspectsOf(task, 'far', { place: source, only, options: [] }, far, tools);
  if (!found.ok) return [`whether a run has left files cut off there is not known: ${found.error.message}`];
  return found.value.length === 0 ? [] : [`restored: ${cutOffSentence(found.value)}`];
}

interface Preparation {
  readonly task: ResolvedTask;
  readonly reversed: ResolvedTask;
  readonly order: RestoreOrder;
  readonly far: FarSide;
  readonly about: RestoreAbout;
}

async function prepare(
  { task, reversed, order, far, about }: Preparation,
  tools: RestoreTools,
): Promise<Result<RestoreJob, Ending>> {
  const local = await readLocalSide(reversed.spec);
  if (!local.ok) return err(endedEarly('Blocked', local.error));
  const { remote, look, binary, environment, redact } = far;
  const verdict = await guardRestore({
    task: { ...reversed, spec: { ...reversed.spec, safety: { ...reversed.spec.safety, backupFolder: null } } },
    local: local.value,
    remote: remote.path,
    plainRemote: remote.plainPath,
    key: remote.key,
    look,
    dryRun: true,
    memory: noMemory,
    pen: noPen,
    rclone: { binary: binary.path, environment, redact, signal: tools.signal },
    around: surroundingsOf(tools),
  });
  if (verdict.kind === 'blocked') return err(endedEarly('Blocked', verdict.message));
  if (verdict.kind === 'failed') return err(endedByFailure(verdict));
  const { signal } = tools;
  const key = await keyOpensSome(reversed, far, signal);
  if (!key.ok) return key;
  const source = await findSource(reversed, order, far);
  if (!source.ok) return source;
  const selection = await selectionOf(task);
  const choice = await chooseWanted(reversed, order, { source: source.value, selection, far }, signal);
  if (!choice.ok) return err(endedByFailure(choice.error));
  if (choice.value.count === 0) return err(endedEarly('Blocked', nothingMatches(order)));
  const { runId } = about;
  return ok({
    task: reversed,
    order,
    runId,
    far,
    local: local.value,
    source: source.value,
    selection,
    choice: choice.value,
  });
}

function nothingMatches({ include }: RestoreOrder): string {
  return `there is nothing to restore: no file that the task selects matches ${include.join(' or ')}`;
}

/** An empty place would be a restore of nothing, and look like a success. */
async function findSource(task: ResolvedTask, order: RestoreOrder, far: FarSide): Promise<Result<string, Ending>> {
  const { backup } = order;
  const source = backup === null ? ok(far.remote.path) : await findBackup(task, far, backup);
  if (!source.ok) return err(endedEarly('Blocked', source.error));
  const found = await far.look(source.value);
  if (!found.ok) return err(endedByFailure(found.error));
  if (found.value.exists && !found.value.empty) return source;
  const { bucket, folder } = task.spec.remote;
  const where = [bucket, folder].filter((part) => part !== null && part !== '').join('/');
  const place = where === '' ? 'the far side' : where;
  return err(endedEarly('Blocked', `there is nothing to restore: ${place} is empty or not there`));
}
