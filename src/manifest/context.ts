import type { ActiveSet, CredentialOwners } from '../model/active.ts';
import type { CredentialSpec } from '../model/credential.ts';
import type { NamedPlace } from '../model/far-place.ts';
import type { Provider } from '../model/provider.ts';
import type { ScheduleVerdict } from '../model/schedule-verdict.ts';
import type { RemoteLocation } from '../model/task.ts';
import type { LocalPlace } from '../place/local-place.ts';

/** What is in force, by task name. */
export type InForce = Pick<ActiveSet, 'get'>;

/** The files that tasks and credentials were applied from. */
export interface Owners {
  readonly tasks: InForce;
  readonly credentials: Pick<CredentialOwners, 'get'>;
}

/** What parsing needs to know of the world around the text. */
export interface ManifestContext {
  /** The tasks directory as the user named it; problems are reported below it. */
  readonly directory: string;
  /** The same, absolute; relative paths in a manifest start from the manifest's folder in it. */
  readonly baseDirectory: string;
  /** Where Cloudsync keeps its state, absolute; `null`: nowhere. */
  readonly stateDirectory: string | null;
  readonly providers: ReadonlyMap<string, Provider>;
  /** `null` when the provider takes chunks of so many bytes; otherwise a sentence that says what it takes. */
  checkChunkSize(provider: Provider, bytes: number): string | null;
  /** `timeZone` is an IANA name; `null` is the daemon's own zone. */
  checkSchedule(cron: string, timeZone: string | null): ScheduleVerdict;
  /** Where the far side of a task is, as far as its names tell. */
  farPlaces(location: RemoteLocation, credential: CredentialSpec | null): readonly NamedPlace[];
  /** Where a local path leads; `null`: only its name is known. */
  localPlace(path: string): LocalPlace | null;
  /** Absolute directories that local paths must be in. Empty: any path will do. */
  readonly pathRoots: readonly string[];
  /** Whether scripts, and commands that print secrets, may run. */
  readonly commands: boolean;
}
