import type { Selection } from '../model/selection.ts';
import type { PrunePolicy } from '../plan/prune-guard.ts';
import type { StateOrigin } from '../state/default-directory.ts';

/** What a command line, with its environment twins, says about where and how Cloudsync works. All paths absolute. */
export interface Settings {
  /** As the user named it; for messages. */
  readonly tasksName: string;
  readonly tasksDirectory: string;
  readonly stateDirectory: string;
  readonly stateOrigin: StateOrigin;
  /** `null`: beside the manifests where that is possible. */
  readonly statusDirectory: string | null;
  /** A path, or a name to find on `PATH`. */
  readonly rclone: string;
  /** Local paths must lie in one of these; empty: anywhere. */
  readonly pathRoots: readonly string[];
  /** Whether manifests may have scripts and commands run on this machine. */
  readonly commands: boolean;
  readonly maxConcurrentRuns: number;
  /** Which tasks this host takes care of. */
  readonly selection: Selection;
  readonly prune: PrunePolicy;
  /** How long a manifest must be gone until its schedule ends, milliseconds. */
  readonly pruneGraceMs: number;
  /** Whether one manifest with an error holds back all changes. */
  readonly strict: boolean;
  readonly version: string;
}
