import { type CheckRecord, isEqual, maxCheckedFiles } from '../model/check.ts';
import { lastTouchingRun } from '../model/history.ts';
import { unreachable } from '../model/result.ts';
import type { VerifiedStatus } from '../model/status.ts';
import type { Observation } from './condition.ts';
import type { TaskFacts } from './task-facts.ts';
import { timestamp } from './timestamp.ts';

type CheckFacts = Pick<TaskFacts, 'check' | 'active' | 'observed' | 'history'>;

/** `Verified`, there only when a check has run. It is about one version of the task and one run. */
export function verifiedObservation(facts: CheckFacts): Observation | null {
  const { check } = facts;
  if (check === null) return null;
  const type = 'Verified';
  const since = newerFact(facts, check);
  if (since !== null) {
    const found = isEqual(check.verdict) ? `${check.verdict} by ${check.method}` : check.verdict;
    const message = `The check of ${timestamp(check.finishedAt)} found ${found}; ${since.message}`;
    return { type, status: 'Unknown', reason: since.reason, message };
  }
  const after = check.run === null ? 'before any run' : `after run ${check.run.id}`;
  const message = `Checked at ${timestamp(check.finishedAt)}, ${after}: ${check.message}`;
  const { verdict } = check;
  switch (verdict) {
    case 'Equal':
      return { type, status: 'True', reason: 'SidesEqual', message };
    case 'EqualWithWarnings':
      return { type, status: 'True', reason: 'SidesEqualWithWarnings', message };
    case 'SizesEqual':
      return { type, status: 'Unknown', reason: 'OnlySizesCompared', message };
    case 'Different':
      return { type, status: 'False', reason: 'SidesDiffer', message };
    case 'Failed':
    case 'Stopped':
      return { type, status: 'False', reason: 'CheckFailed', message };
    default:
      return unreachable(verdict);
  }
}

/** What has happened since, so that the check says nothing about now; `null`: nothing has. */
function newerFact({ active, observed, history }: CheckFacts, check: CheckRecord) {
  const specHash = active?.specHash ?? observed?.specHash ?? null;
  if (check.specHash !== specHash) return { reason: 'SpecChanged', message: 'it was of another version of the task' };
  const last = lastTouchingRun(history);
  // Records of older runs may have been dropped; only a newer one is news.
  if (last === null || last.id === check.run?.id || last.finishedAt <= check.startedAt) return null;
  return { reason: 'RunSince', message: `run ${last.id} has ended since, at ${timestamp(last.finishedAt)}` };
}

export function verifiedStatus(facts: CheckFacts): VerifiedStatus | null {
  const { check } = facts;
  if (check === null) return null;
  const { run, sample, verdict, method, equalBy, counts, specHash } = check;
  return {
    ...counts,
    at: timestamp(check.finishedAt),
    verdict,
    method,
    equalBy,
    current: newerFact(facts, check) === null,
    specHash,
    run: run === null ? null : { id: run.id, outcome: run.outcome, finishedAt: timestamp(run.finishedAt) },
    sample:
      sample === null
        ? null
        : {
            seed: sample.seed,
            read: sample.read,
            equal: sample.equal,
            changed: sample.changed,
            failed: sample.failed.slice(0, maxCheckedFiles).map(({ path }) => path),
          },
  };
}
