import { connect } from '../daemon/control-client.ts';
import { createInspector, type Inspector } from '../daemon/inspector.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import type { Settings } from '../daemon/settings.ts';
import { createSharedTools } from '../daemon/shared-tools.ts';
import { err, ok, type Result } from '../model/result.ts';
import { createLocks } from '../run/locks.ts';
import type { Shell } from './shell.ts';

/** A daemon asks remotes for others: it has the secrets, and knows which tokens are in use. Without one, this process does. */
export async function findInspector(settings: Settings, { environment }: Shell): Promise<Result<Inspector, string>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null && client.identity.command === 'daemon') return ok(client.inspect);
  const search = createProviderSearch(settings, environment);
  const reading = await readOnce(settings, search);
  if (!reading.ok) return err(reading.error.message);
  const inspector = createInspector({
    tools: createSharedTools({ settings, environment, search }),
    ...{ locks: createLocks(), desired: () => reading.value.desired, onReport: () => {} },
  });
  return ok(inspector);
}
