import type { ActiveSet, CredentialOwners } from '../model/active.ts';
import type { Clock } from '../model/clock.ts';
import { err, ok, type Result } from '../model/result.ts';
import { findMissingSecrets } from '../run/missing-secrets.ts';
import { readApprovedPrune } from '../state/approved-prune.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { createProviderSearch } from './provider-search.ts';
import { readOnce } from './read-once.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import type { Settings } from './settings.ts';
import { processNameOf } from './shared-tools.ts';

interface PreviewOptions {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  readonly active: ActiveSet;
  readonly owners: CredentialOwners;
  readonly clock: Clock;
}

/** What the daemon would do if it applied the manifests; neither state nor status hears of it. */
export async function preview({
  settings,
  environment,
  active,
  owners,
  clock,
}: PreviewOptions): Promise<Result<Reconciliation, string>> {
  const reading = await readOnce(settings, createProviderSearch(settings, environment), { tasks: active, owners });
  if (!reading.ok) return err(reading.error.message);
  const approvedPrune = await readApprovedPrune(stateDirectory(settings.stateDirectory));
  const { desired } = reading.value;
  const source = { environment, processName: processNameOf('daemon') };
  const missingSecrets = await findMissingSecrets(desired.tasks.values(), source);
  const input = { ...settings, desired, active, owners, missingSecrets, approvedPrune, now: clock.now() };
  return ok(await reconcile({ ...input, absentSince: new Map(), expected: null }, null));
}
