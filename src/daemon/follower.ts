import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import { hasChanges } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot, SourceUnavailable } from '../model/snapshot.ts';
import type { Engine } from './engine.ts';
import { isCredentialKey } from './name-claims.ts';
import type { Reconciliation } from './reconcile.ts';
import type { KeepState } from './state-keeper.ts';

export type Reading = Result<Snapshot, SourceUnavailable>;

/** Takes each snapshot, and reports only what is news: what was changed, or that what is wrong is not the same. */
export interface Follower {
  /**
   * Applies it, or with `manual` only finds out what that would do. Gives the milliseconds after which to read again,
   * where something waits for that; else `null`.
   */
  take(snapshot: Reading): Promise<number | null>;
  /** Applies it because somebody asked; with a hash, only if that is the hash of the plan. */
  apply(snapshot: Reading, expected: string | null): Promise<Result<Reconciliation, string>>;
  /** What the latest pass came to. */
  last(): Result<Reconciliation, string>;
}

interface FollowerOptions {
  readonly engine: Pick<Engine, 'apply' | 'plan'>;
  /** Called before each snapshot is taken in, which is not done without it. */
  readonly keepState: KeepState;
  /** The state directory is somebody else's now. */
  readonly onLost: (message: string) => void;
  readonly mode: ApplyMode;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** `manual`: what differs is reported, and stays so until somebody asks for it to be applied. */
export type ApplyMode = 'auto' | 'manual';

export function createFollower({ engine, keepState, onLost, mode, clock, emit }: FollowerOptions): Follower {
  let last: Result<Reconciliation, string> = err('the tasks directory has not been read yet');
  let troublesTold = '[]';
  let driftTold: string | null = null;

  /** Whether these troubles are others than those of the pass before. */
  function areNews(troubles: string): boolean {
    const before = troublesTold;
    troublesTold = troubles;
    return troubles !== before;
  }

  async function pass(
    snapshot: Reading,
    act: (snapshot: Snapshot) => Promise<Reconciliation>,
  ): Promise<Result<Reconciliation, string>> {
    if (!snapshot.ok) {
      const { error: cause } = snapshot;
      if (areNews(JSON.stringify([cause.message]))) emit({ type: 'SourceUnavailable', cause });
      return err(cause.message);
    }
    const kept = await keepState();
    if (!kept.ok) {
      if (kept.error.kind === 'held') onLost(kept.error.message);
      return err(kept.error.message);
    }
    const startedAt = clock.now();
    const done = await act(snapshot.value);
    const durationMs = clock.now() - startedAt;
    if (done.applied) tellApplied(done, durationMs);
    // A plan that was asked for and is stale is not news to anybody else.
    else if (mode === 'manual') tellDrift(done, durationMs);
    return ok(done);
  }

  function tellApplied(done: Reconciliation, durationMs: number): void {
    const { plan, failure } = done;
    const waiting = [...done.absentSince.keys()].filter((key) => !isCredentialKey(key));
    // What waits for a second look is told already, and differs as before.
    if (failure === null && waiting.length === 0) driftTold = null;
    const news = areNews(troublesIn(done));
    // What could not be recorded, or waits for a second look, is a change in every pass until it is done.
    if (!news && (failure !== null || waiting.length > 0 || !hasChanges(plan))) return;
    if (failure !== null) emit({ type: 'WriteFailed', path: 'active.ndjson', detail: failure });
    else emit({ type: 'Reconciled', plan, durationMs, waiting });
  }

  function tellDrift(done: Reconciliation, durationMs: number): void {
    const { plan } = done;
    const drift = hasChanges(plan) ? plan.hash : null;
    const isOther = drift !== driftTold;
    driftTold = drift;
    if (areNews(troublesIn(done)) || isOther) emit({ type: 'DriftFound', plan, durationMs });
  }

  return {
    last: () => last,
    async take(snapshot) {
      last = await pass(snapshot, mode === 'auto' ? (taken) => engine.apply(taken, null) : engine.plan);
      const confirmAt = last.ok ? last.value.confirmAt : null;
      return confirmAt === null ? null : Math.max(0, confirmAt - clock.now());
    },
    apply: (snapshot, expected) => pass(snapshot, (taken) => engine.apply(taken, expected)),
  };
}

/** What stays as it is from pass to pass until somebody mends it. */
function troublesIn({ plan, failure, absentSince }: Reconciliation): string {
  const standing = plan.changes.filter(({ action }) => action === 'invalid' || action === 'blocked');
  const unrecorded = failure === null ? [] : [plan.hash, failure];
  const secrets = plan.changes.flatMap(({ name, effects }) =>
    effects.flatMap(({ code, message }) => (code === 'SecretMissing' ? [[name, message]] : [])),
  );
  return JSON.stringify([
    ...secrets,
    ...standing.map(({ name, path, action }) => [name, path, action]),
    ...plan.problems,
    ...absentSince.keys(),
    ...unrecorded,
  ]);
}
