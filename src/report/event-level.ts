import { isEqual } from '../model/check.ts';
import type { Event, LogLevel } from '../model/event.ts';
import { hasChanges, type Plan } from '../model/plan.ts';
import { unreachable } from '../model/result.ts';
import { isSuccess } from '../model/run.ts';

const logLevels = ['debug', 'info', 'notice', 'warning', 'error'] as const satisfies readonly LogLevel[];

/** Whether a line of this level is to be shown when the least level is `least`. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}

/** How much an event matters to whoever reads the log. */
export function eventLevel(event: Event): LogLevel {
  switch (event.type) {
    case 'RunLog':
      return event.level;
    case 'RunProgress':
    case 'RunChange':
    case 'RunSpawned':
    case 'RunQueued':
    case 'Scheduled':
      return 'debug';
    case 'DaemonStarted':
    case 'DaemonStopping':
    case 'DaemonStopped':
    case 'StatusPlaced':
    case 'Listening':
    case 'ReconcileAsked':
    case 'RunStarted':
      return 'info';
    case 'DriftFound':
      return hasChanges(event.plan) || needsAttention(event.plan) ? 'warning' : 'info';
    case 'Reconciled':
      return needsAttention(event.plan) ? 'warning' : 'info';
    case 'RunSkipped':
      return 'notice';
    case 'CheckFinished':
      return isEqual(event.check.verdict) ? 'info' : 'warning';
    case 'RestoreFinished':
    case 'RunFinished':
      if (event.record.outcome === 'SucceededWithWarnings' || event.record.outcome === 'Skipped') return 'warning';
      return isSuccess(event.record.outcome) ? 'info' : 'error';
    case 'SourceUnavailable':
    case 'WatchDegraded':
    case 'StateCorrupt':
    case 'StateRemade':
    case 'ListenTrouble':
    case 'TimeZoneUnusable':
    case 'NoInit':
      return 'warning';
    case 'WriteFailed':
    case 'RcloneUnusable':
      return 'error';
    default:
      return unreachable(event);
  }
}

function needsAttention({ summary, changes }: Plan): boolean {
  if (summary.invalid + summary.blocked > 0) return true;
  return changes.some(({ effects }) => effects.some(({ code }) => code === 'SecretMissing'));
}
