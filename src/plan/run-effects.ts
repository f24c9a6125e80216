import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';

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
  if (canonicalJson(old) === canonicalJson(now)) return [];
  if (now === null) return [verifyEffect('both sides are no longer compared by a schedule')];
  const { cron, timeZone } = now.schedule;
  return [verifyEffect(`both sides are compared by the schedule ${cron}${timeZone === null ? '' : ` ${timeZone}`}`)];
}

function verifyEffect(message: string): Effect {
  return { code: 'VerifyChanged', danger: false, message };
}
