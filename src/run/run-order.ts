import type { Clock } from '../model/clock.ts';
import type { CutOffs } from '../model/cut-off.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import type { MemoryPen, TaskMemory } from '../model/memory.ts';
import type { Provider } from '../model/provider.ts';
import type { Result } from '../model/result.ts';
import type { Trigger } from '../model/run.ts';
import type { RcloneBinary } from '../rclone/binary.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { Confinement } from './confinement.ts';

export interface RunOrder {
  readonly task: ResolvedTask;
  readonly runId: string;
  readonly trigger: Trigger;
  readonly dryRun: boolean;
  /** Of `cloudsync/run-at`, where that asked for the run. */
  readonly token: string | null;
  /** How many deletions somebody allows this run, whatever the task says; `null`: as the task says. */
  readonly allowDeletes: number | null;
  /** Whether directories may lie on another file system than at the last success. */
  readonly acceptFileSystem?: boolean;
  /** What earlier runs left for the guards, as it was when this run began. */
  readonly memory: TaskMemory;
}

export interface RunTools {
  readonly inspectBinary: () => Promise<Result<RcloneBinary, string>>;
  readonly confinement: Confinement;
  /** Knows a provider by its name. The error says why there is none. */
  readonly findProvider: FindProvider;
  /** Where secrets may be, and what rclone inherits of it. */
  readonly environment: NodeJS.ProcessEnv;
  /** This process, as messages name it where it lacks a secret. */
  readonly processName: string;
  /** Where tokens and scripts are written. */
  readonly state: StateDirectory;
  /** What runs of all tasks may have left cut off, and where. */
  readonly cutOffs: CutOffs;
  /** Where manifests are; `null`: nowhere. */
  readonly tasksDirectory: string | null;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Called with the number of each attempt, from 1, as it begins. */
  readonly onAttempt: (attempt: number) => void;
  /** Called with the process id before rclone has done anything worth telling. */
  readonly onSpawned: (pid: number) => Promise<void>;
  /** Writes the memory of the task. */
  readonly memory: MemoryPen;
  /** Its reason is a `StopReason`. */
  readonly signal: AbortSignal;
}

/** What every run has at hand. */
export type SharedTools = Omit<RunTools, 'emit' | 'onAttempt' | 'onSpawned' | 'memory' | 'signal'>;

export type FindProvider = (name: string) => Promise<Result<Provider, string>>;

/** Why a run was told to end; rclone itself only knows that it got a signal. */
export const stopReasons = ['Aborted', 'Interrupted', 'TimedOut'] as const;
export type StopReason = (typeof stopReasons)[number];

export function stopReason(signal: AbortSignal): StopReason {
  return stopReasons.find((reason) => reason === signal.reason) ?? 'Aborted';
}
