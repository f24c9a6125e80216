import type { Outcome } from '../model/run.ts';
import type { HealthState, SyncState } from '../model/status.ts';
import type { Style } from './style.ts';

/** Green is only ever a success; what may need a look is yellow, what went wrong is red. */
export const outcomeStyles: Readonly<Record<Outcome, Style>> = {
  Succeeded: 'green',
  SucceededWithWarnings: 'yellow',
  Failed: 'red',
  TimedOut: 'red',
  Aborted: 'yellow',
  Interrupted: 'red',
  Blocked: 'red',
  Skipped: 'yellow',
  LimitReached: 'yellow',
  AuthExpired: 'red',
};

export const syncStyles: Readonly<Record<SyncState, Style>> = {
  Synced: 'green',
  OutOfSync: 'yellow',
  Blocked: 'red',
  Invalid: 'red',
};

export const healthStyles: Readonly<Record<HealthState, Style>> = {
  Healthy: 'green',
  Progressing: 'cyan',
  Degraded: 'red',
  Suspended: 'yellow',
  Unknown: 'dim',
};
