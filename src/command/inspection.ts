import { createBinaryInspection } from '../daemon/binary-inspection.ts';
import { connect } from '../daemon/control-client.ts';
import { createInspector, type Inspector } from '../daemon/inspector.ts';
import { createManifestReader } from '../daemon/manifest-reader.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import type { Settings } from '../daemon/settings.ts';
import { ok, type Result } from '../model/result.ts';
import { createLocks } from '../run/locks.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { stateDirectory } from '../state/state-directory.ts';
import type { Shell } from './shell.ts';

/** A daemon asks remotes for others: it has the secrets, and knows which tokens are in use. Without one, this process does. */
export async function findInspector(settings: Settings, { environment }: Shell): Promise<Result<Inspector, string>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null && client.identity.command === 'daemon') return ok(client.inspect);
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) return { ok: false, error: snapshot.error.message };
  const desired = createManifestReader(settings.pathRoots)(snapshot.value, new Map());
  const inspector = createInspector({
    tools: {
      inspectBinary: createBinaryInspection(settings.rclone, environment),
      findProvider: createProviderSearch(settings, environment),
      ...{ environment, state: stateDirectory(settings.stateDirectory) },
    },
    ...{ locks: createLocks(), desired: () => desired, onReport: () => {} },
  });
  return ok(inspector);
}
