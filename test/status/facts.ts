import { emptyHistory } from '../../src/model/history.ts';
import type { ActiveRun } from '../../src/model/run.ts';
import { digest } from '../../src/model/spec-hash.ts';
import type { TaskFacts } from '../../src/status/task-facts.ts';
import { activeTask, runRecord } from '../helper/build.ts';

export const now = Date.UTC(2026, 0, 10);
export const anHour = 3_600_000;
export const otherHash = digest('another version');

export const active = activeTask('photos', { generation: 6 });
export const observed = { specHash: active.specHash, revision: null };
export const success = runRecord();
export const failure = runRecord({ id: 'failed', outcome: 'Failed', lastError: 'The remote is full.', exitCode: 1 });

/** A healthy task whose last run succeeded and whose next one is an hour away. */
export function taskFacts(part: Partial<TaskFacts> = {}): TaskFacts {
  return {
    observed,
    active,
    history: { ...emptyHistory, lastRun: success, lastSuccess: success, runs: [success] },
    nextRun: now + anHour,
    dueSinceSuccess: now + anHour,
    activeRun: null,
    check: null,
    problems: [],
    blocked: null,
    kept: null,
    automatic: true,
    writerVersion: '0.1.0',
    ...part,
  };
}

export function activeRun(part: Partial<ActiveRun> = {}): ActiveRun {
  return {
    id: 'running',
    trigger: 'schedule',
    startedAt: now - 60_000,
    specHash: active.specHash,
    attempt: 1,
    waitingFor: null,
    pid: 42,
    progress: {
      bytes: 1,
      totalBytes: 2,
      transfers: 0,
      totalTransfers: 1,
      checks: 0,
      deletes: 0,
      errors: 0,
      speed: 1.5,
      etaSeconds: null,
    },
    ...part,
  };
}
