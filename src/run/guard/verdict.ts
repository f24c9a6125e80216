import type { ResolvedTask } from '../../model/desired.ts';
import type { MemoryPen, TaskMemory } from '../../model/memory.ts';
import type { Result } from '../../model/result.ts';
import type { LocalSide } from '../local-side.ts';

/** A check before rclone acts. It reads, and changes nothing at either side. */
export type Guard = (input: GuardInput) => Promise<Verdict>;

export interface GuardInput {
  /** What is about to run; restores and checks give the task turned into what they do. */
  readonly task: ResolvedTask;
  readonly local: LocalSide;
  /** The far side for rclone, through the encryption if there is one. */
  readonly remote: string;
  /** The same without the encryption; equal where there is none. */
  readonly plainRemote: string;
  /** The encryption key, to compare with that of earlier runs; `null`: there is no encryption. A secret. */
  readonly key: string | null;
  readonly look: Look;
  readonly dryRun: boolean;
  /** What earlier runs left. */
  readonly memory: TaskMemory;
  readonly pen: MemoryPen;
  readonly rclone: RcloneUse;
  readonly around: Surroundings;
}

/** What of this machine is not of the task. */
export interface Surroundings {
  /** Names the rclone.conf that a section is in. */
  readonly environment: NodeJS.ProcessEnv;
  readonly stateDirectory: string;
  /** `null`: there is none, as where a task comes from elsewhere. */
  readonly tasksDirectory: string | null;
  /** Local paths must lie in one of these; empty: anywhere. */
  readonly pathRoots: readonly string[];
  /** Somebody allows that a directory lies on another file system than before. */
  readonly acceptFileSystem: boolean;
}

/** How to start an rclone that knows both sides. */
export interface RcloneUse {
  readonly binary: string;
  /** Holds secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

export type Verdict =
  /** Each warning becomes one of the run's. */
  | { readonly kind: 'pass'; readonly warnings: readonly string[] }
  /** Refused: nothing has been touched. */
  | { readonly kind: 'blocked'; readonly message: string }
  /** It cannot be told whether the run is safe. */
  | ({ readonly kind: 'failed' } & LookFailure);

/** What is found at a place, local or far. */
export interface Side {
  readonly exists: boolean;
  readonly empty: boolean;
  /** Files and directories at its top. */
  readonly entries: number;
}

/** Looks at a place by the name that rclone knows it by. */
export type Look = (place: string) => Promise<Result<Side, LookFailure>>;

export interface LookFailure {
  readonly message: string;
  readonly retryable: boolean;
  /** Whether it is the login that has run out. */
  readonly expired?: boolean;
}

export const pass: Verdict = { kind: 'pass', warnings: [] };

export function blocked(message: string): Verdict {
  return { kind: 'blocked', message };
}

export function cannotTell(failure: LookFailure): Verdict {
  const { message, retryable, expired = false } = failure;
  return { kind: 'failed', message, retryable, expired };
}
