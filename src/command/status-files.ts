import type { Settings } from '../daemon/settings.ts';
import { placeStatus } from '../daemon/status-place.ts';
import { ok, type Result } from '../model/result.ts';
import type { StatusFile } from '../model/status.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { createStatusStore, type StatusStore } from '../status/store.ts';

/** What was last known of the manifests that there are. The error says why the tasks directory cannot be read. */
export async function readStatusFiles(settings: Settings): Promise<Result<readonly StatusFile[], string>> {
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) return { ok: false, error: snapshot.error.message };
  const stores = await storesOf(settings);
  const files = await Promise.all(snapshot.value.files.map(({ path }) => firstOf(stores, path)));
  return ok(files.filter((file) => file !== null));
}

/** Whoever asks may be allowed less than the daemon, which then has put them beside the manifests all the same. */
async function storesOf(settings: Settings): Promise<readonly StatusStore[]> {
  const { directory, reason } = await placeStatus(settings, stateDirectory(settings.stateDirectory));
  const places = [directory, ...(reason === 'readOnly' ? [settings.tasksDirectory] : [])];
  const writeFile = async () => ok(undefined);
  return places.map((place) => createStatusStore({ directory: place, makesFolders: false, writeFile }));
}

async function firstOf(stores: readonly StatusStore[], path: string): Promise<StatusFile | null> {
  for (const store of stores) {
    const file = await store.read(path);
    if (file !== null) return file;
  }
  return null;
}
