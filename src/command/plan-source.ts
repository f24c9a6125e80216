import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import { reconcile } from '../daemon/reconcile.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import { err, ok, type Result } from '../model/result.ts';
import { readActiveSet } from '../state/active-store.ts';
import { readApprovedPrune } from '../state/approved-prune.ts';
import { stateDirectory } from '../state/state-directory.ts';
import type { Applied } from './apply-now.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** The same pass as an apply, up to where it would write. */
export async function preview(settings: Settings, { environment }: Shell): Promise<Result<Applied, Failure>> {
  const state = stateDirectory(settings.stateDirectory);
  const active = await readActiveSet(state);
  const reading = await readOnce(settings, createProviderSearch(settings, environment), active);
  if (!reading.ok) return err({ message: reading.error.message, exitCode: exitCodes.failed });
  const input = {
    ...{ desired: reading.value.desired, active, now: systemClock.now(), expected: null },
    approvedPrune: await readApprovedPrune(state),
  };
  const { plan, applied, failure } = await reconcile(input, null);
  return ok({ plan, applied, failure, daemon: false });
}
