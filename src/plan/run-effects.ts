import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { TaskSpec } from '../model/task.ts';
import { plural } from '../model/wording.ts';

/** What becomes of runs in flight, and whether both sides are compared; `before` is `null` for a new task. */
export function runEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  return [...concurrencyEffects(before, after), ...verifyEffects(before, after)];
}

function concurrencyEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  if (after.spec.concurrency !== 'Replace' || before?.spec.concurrency === 'Replace') return [];
  const message = 'concurrency Replace: a run in flight will be stopped when the next one comes due';
  return [{ code: 'RunsReplaced', danger: false, message }];
}

function verifyEffects(before: ResolvedTask | null, after: ResolvedTask): readonly Effect[] {
  // In an active set that an earlier version has written there is no such key.
  const old = before?.spec.verify ?? null;
  const now = after.spec.verify;
  if (canonicalJson(old?.schedule) === canonicalJson(now?.schedule) && sampleOf(old) === sampleOf(now)) return [];
  if (now === null) return [verifyEffect('both sides are no longer compared by a schedule')];
  const { cron, timeZone } = now.schedule;
  const zone = timeZone === null ? '' : ` ${timeZone}`;
  return [verifyEffect(`both sides are compared by the schedule ${cron}${zone}${sampleText(old, now)}`)];
}

/** Files that are read back cost a download, and that none are any more is worth knowing. */
function sampleText(old: TaskSpec['verify'], now: TaskSpec['verify']): string {
  const sample = sampleOf(now);
  if (sample > 0)
    return `, and up to ${plural(sample, 'random file')} ${sample === 1 ? 'is' : 'are'} read back in full each time`;
  return sampleOf(old) > 0 ? ', and no files are read back any more' : '';
}

/** In an active set that an earlier version has written there is no such key. */
function sampleOf(verify: TaskSpec['verify']): number {
  return verify?.sample ?? 0;
}

function verifyEffect(message: string): Effect {
  return { code: 'VerifyChanged', danger: false, message };
}
