import type { CheckRecord } from './check.ts';
import type { Plan } from './plan.ts';
import type { FileChange, Progress, RunRecord, Trigger } from './run.ts';
import type { SourceUnavailable } from './snapshot.ts';

/**
 * Everything that is ever reported. Status, log, terminal and tests all live on this union; a new member makes
 * each of their switches fail to compile until it is handled.
 */
export type Event = DaemonEvent | ReconcileEvent | RunEvent;

export type DaemonEvent =
  | {
      readonly type: 'DaemonStarted';
      readonly pid: number;
      readonly version: string;
      readonly tasks: string;
      readonly state: string;
      /** Of schedules that name none. */
      readonly timeZone: string;
    }
  /** The setting of the system's time zone is none. */
  | { readonly type: 'TimeZoneUnusable'; readonly message: string }
  /** Where status files go, said once. */
  | {
      readonly type: 'StatusPlaced';
      readonly directory: string;
      readonly reason: 'beside' | 'readOnly' | 'swappedCheckout' | 'configured';
    }
  /** The daemon is the first process of its container, and cannot clean up after processes that scripts leave behind. */
  | { readonly type: 'NoInit' }
  | { readonly type: 'DaemonStopping'; readonly signal: string; readonly running: number }
  | { readonly type: 'DaemonStopped' }
  /** Health, metrics and webhooks are served there from now on. */
  | { readonly type: 'Listening'; readonly address: string }
  /** What is not as safe as it could be, or went wrong there. */
  | { readonly type: 'ListenTrouble'; readonly detail: string }
  /** Somebody asked over the network; the revision is the one that they say is there. */
  | { readonly type: 'ReconcileAsked'; readonly revision: string | null }
  /** A file of the state directory could not be read; it was set aside and its content is made anew. */
  | { readonly type: 'StateCorrupt'; readonly path: string; readonly movedTo: string; readonly detail: string }
  /** The state directory was removed or replaced; it was made anew from what is in force. */
  | { readonly type: 'StateRemade'; readonly path: string }
  /** State or status could not be written; it is tried again. */
  | { readonly type: 'WriteFailed'; readonly path: string; readonly detail: string }
  /** The rclone binary is missing, too old, or lacks something. */
  | { readonly type: 'RcloneUnusable'; readonly message: string };

export type ReconcileEvent =
  | { readonly type: 'SourceUnavailable'; readonly cause: SourceUnavailable }
  /** Events from the file system do not arrive; the directory is read again at short intervals. */
  | { readonly type: 'WatchDegraded'; readonly detail: string }
  /** A pass ended; reported only when it changed something or what is wrong has changed. */
  | {
      readonly type: 'Reconciled';
      readonly plan: Plan;
      readonly durationMs: number;
      /** Tasks of it that are deleted only if their manifests are still gone in a while. */
      readonly waiting: readonly string[];
    }
  /** With `--apply manual`: what an apply would do is not what it was. Nothing was done. */
  | { readonly type: 'DriftFound'; readonly plan: Plan; readonly durationMs: number }
  /** When a task runs next, as it changes. */
  | { readonly type: 'Scheduled'; readonly task: string; readonly next: number | null; readonly timeZone: string };

export type RunEvent =
  | {
      readonly type: 'RunQueued';
      readonly task: string;
      readonly runId: string;
      readonly trigger: Trigger;
      readonly reason: string;
    }
  | {
      readonly type: 'RunStarted';
      readonly task: string;
      readonly runId: string;
      readonly trigger: Trigger;
      readonly dryRun: boolean;
      readonly at: number;
      readonly specHash: string;
    }
  | { readonly type: 'RunSpawned'; readonly task: string; readonly runId: string; readonly pid: number }
  | { readonly type: 'RunProgress'; readonly task: string; readonly runId: string; readonly progress: Progress }
  /** One file was changed; on a dry run, would be. */
  | { readonly type: 'RunChange'; readonly task: string; readonly runId: string; readonly change: FileChange }
  /** A line of rclone's that is worth keeping. */
  | {
      readonly type: 'RunLog';
      readonly task: string;
      readonly runId: string;
      readonly level: LogLevel;
      readonly message: string;
    }
  | { readonly type: 'RunFinished'; readonly task: string; readonly runId: string; readonly record: RunRecord }
  /** Files of the task's far side were copied to a directory; no run of the task. */
  | {
      readonly type: 'RestoreFinished';
      readonly task: string;
      readonly directory: string;
      readonly record: RunRecord;
    }
  /** Both sides of the task were compared. */
  | { readonly type: 'CheckFinished'; readonly task: string; readonly check: CheckRecord }
  /** The schedule asked, and the run did not start. */
  | { readonly type: 'RunSkipped'; readonly task: string; readonly scheduledFor: number; readonly reason: string };

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error';

export type Emit = (event: Event) => void;
