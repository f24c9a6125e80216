import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import { hasChanges } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot, SourceUnavailable } from '../model/snapshot.ts';
import type { Engine } from './engine.ts';
import type { Reconciliation } from './reconcile.ts';

/** Applies each snapshot, and reports only what is news: what was changed, or that what is wrong is not the same. */
export interface Follower {
  take(snapshot: Result<Snapshot, SourceUnavailable>): Promise<void>;
  /** What the latest pass came to. */
  last(): Result<Reconciliation, string>;
}

interface FollowerOptions {
  readonly engine: Pick<Engine, 'apply'>;
  readonly clock: Clock;
  readonly emit: Emit;
}

export function createFollower({ engine, clock, emit }: FollowerOptions): Follower {
  let last: Result<Reconciliation, string> = err('the tasks directory has not been read yet');
  let troublesTold = '[]';

  /** Whether these troubles are others than those of the pass before. */
  function areNews(troubles: string): boolean {
    const before = troublesTold;
    troublesTold = troubles;
    return troubles !== before;
  }

  return {
    last: () => last,
    async take(snapshot) {
      if (!snapshot.ok) {
        last = err(snapshot.error.message);
        if (areNews(JSON.stringify([snapshot.error.message])))
          emit({ type: 'SourceUnavailable', cause: snapshot.error });
        return;
      }
      const startedAt = clock.now();
      const done = await engine.apply(snapshot.value);
      last = ok(done);
      const { plan, failures } = done;
      const news = areNews(troublesIn(done));
      // What could not be recorded is a change in every pass until it can be.
      if (!news && (failures.length > 0 || !hasChanges(plan))) return;
      for (const { task, detail } of failures) emit({ type: 'WriteFailed', path: `active/${task}.json`, detail });
      emit({ type: 'Reconciled', plan, durationMs: clock.now() - startedAt });
    },
  };
}

/** What stays as it is from pass to pass until somebody mends it. */
function troublesIn({ plan, failures }: Reconciliation): string {
  const standing = plan.changes.filter(({ action }) => action === 'invalid' || action === 'blocked');
  const unrecorded = failures.length === 0 ? [] : [plan.hash, failures];
  return JSON.stringify([
    ...standing.map(({ name, path, action }) => [name, path, action]),
    ...plan.problems,
    ...unrecorded,
  ]);
}
