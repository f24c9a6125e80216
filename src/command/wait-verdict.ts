import type { Change, Plan } from '../model/plan.ts';
import type { TaskStatus } from '../model/status.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts';

/** What of the status of a task waiting goes by. */
export type KnownTask = Pick<TaskStatus, 'sync' | 'health' | 'applied' | 'lastRun'>;

export type Verdict =
  | { readonly kind: 'done' }
  /** Sentences, one for each thing that is not so yet. */
  | { readonly kind: 'wait'; readonly missing: readonly string[] }
  /** It will not come by itself. */
  | { readonly kind: 'never'; readonly message: string; readonly exitCode: ExitCode };

type Known = ReadonlyMap<string, KnownTask>;

/** Whether what the manifests say now is in force. No names: all of it, also that what has no manifest is gone. */
export function syncedYet(names: readonly string[], plan: Plan, known: Known): Verdict {
  const isWanted = ({ name }: Change) => names.length === 0 || (name !== null && names.includes(name));
  const changes = plan.changes.filter(isWanted);
  const absent = names.filter((name) => !changes.some((change) => change.name === name));
  if (absent.length > 0) return never(`there is no task ${absent.join(', ')}`, exitCodes.failed);
  const invalid = changes.filter(({ action }) => action === 'invalid');
  if (invalid.length > 0) {
    return never(
      `not valid, see "cloudsync validate": ${invalid.map(({ path }) => path).join(', ')}`,
      exitCodes.failed,
    );
  }
  const blocked = changes.find(({ action }) => action === 'blocked');
  if (blocked !== undefined) {
    return never(blocked.effects.at(-1)?.message ?? blocked.reason, exitCodes.refused);
  }
  const missing = changes.flatMap((change) => syncGap(change, known));
  return missing.length === 0 ? { kind: 'done' } : { kind: 'wait', missing };
}

/** In the active set is not yet in force: the schedules follow, and then the status. */
function syncGap({ name, action, reason, after }: Change, known: Known): readonly string[] {
  // It goes on without a manifest, as it is meant to, and so without a status.
  if (reason === 'PruneDisabled') return [];
  if (action === 'delete') return [`${name} is still active and has no manifest`];
  const status = known.get(name ?? '');
  if (action !== 'unchanged') return [`the manifest of ${name} is not applied`];
  const isInForce = status?.sync === 'Synced' && status.applied?.specHash === after?.specHash;
  return isInForce ? [] : [`${name} is ${status?.sync ?? 'not known to the daemon'}`];
}

export function healthyYet(names: readonly string[], known: Known): Verdict {
  const wanted = [...known].filter(([name, { health }]) =>
    names.length === 0 ? health !== 'Suspended' : names.includes(name),
  );
  const missing = wanted.flatMap(([name, { health }]) => (health === 'Healthy' ? [] : [`${name} is ${health}`]));
  return missing.length === 0 ? { kind: 'done' } : { kind: 'wait', missing };
}

/** The last run of each, to tell a later one by. */
export function runsOf(names: readonly string[], known: Known): ReadonlyMap<string, string | null> {
  return new Map(names.map((name) => [name, known.get(name)?.lastRun?.id ?? null]));
}

/** Whether each has had a run that ended since; the first that failed counts. */
export function endedYet(names: readonly string[], known: Known, before: ReadonlyMap<string, string | null>): Verdict {
  const ended = names.flatMap((name) => {
    const run = known.get(name)?.lastRun ?? null;
    return run === null || run.id === before.get(name) ? [] : [{ name, run }];
  });
  if (ended.length < names.length) {
    const waiting = names.filter((name) => !ended.some((each) => each.name === name));
    return { kind: 'wait', missing: waiting.map((name) => `no run of ${name} has ended`) };
  }
  const failed = ended.find(({ run }) => exitCodeOf(run.outcome) !== exitCodes.done);
  if (failed === undefined) return { kind: 'done' };
  const { name, run } = failed;
  const detail = run.lastError === null ? '' : `: ${run.lastError}`;
  return never(`run ${run.id} of ${name}: ${run.outcome}${detail}`, exitCodeOf(run.outcome));
}

/** A few of many. */
export function missingText(missing: readonly string[]): string {
  const more = missing.length > 3 ? `; and ${missing.length - 3} more` : '';
  return `${missing.slice(0, 3).join('; ')}${more}`;
}

function never(message: string, exitCode: ExitCode): Verdict {
  return { kind: 'never', message, exitCode };
}
