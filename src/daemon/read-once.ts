import { type ActiveSet, type CredentialOwners, noOwners } from '../model/active.ts';
import type { Desired } from '../model/desired.ts';
import { ok, type Result } from '../model/result.ts';
import type { Snapshot, SourceUnavailable } from '../model/snapshot.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { createManifestReader } from './manifest-reader.ts';
import type { ProviderSearch } from './provider-search.ts';
import type { Settings } from './settings.ts';

export interface Reading {
  readonly snapshot: Snapshot;
  readonly desired: Desired;
}

/** Reads the tasks directory for one command, against what is active where that matters. */
export async function readOnce(
  settings: Pick<Settings, 'tasksName' | 'pathRoots' | 'commands' | 'selection' | 'stateDirectory'>,
  search: ProviderSearch,
  applied: { readonly tasks: ActiveSet; readonly owners: CredentialOwners } = nothingApplied,
): Promise<Result<Reading, SourceUnavailable>> {
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) return snapshot;
  const read = createManifestReader({ settings, search });
  return ok({ snapshot: snapshot.value, desired: await read(snapshot.value, applied.tasks, applied.owners) });
}

const nothingApplied = { tasks: new Map(), owners: noOwners };
