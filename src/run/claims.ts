import type { ResolvedTask } from '../model/desired.ts';
import type { Provider } from '../model/provider.ts';
import type { TransferMode } from '../model/task.ts';
import { findProvider } from '../provider/registry.ts';
import type { Claim } from './locks.ts';
import { placesOfTask } from './task-places.ts';

/**
 * What a run reads and writes. Two runs at one destination spoil each other's files, and two that renew one OAuth
 * token at the same moment leave one of them with a token that is used up.
 */
export async function claimsOf(
  task: Pick<ResolvedTask, 'spec' | 'credential'>,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Claim[]> {
  const { spec } = task;
  const places = await placesOfTask(task, environment);
  // A path that cannot be read now ends the run, which then writes nothing.
  if (!places.ok) return tokenClaimsOf(task);
  const source = sourceUse[spec.transferMode];
  const [here, there] = spec.direction === 'PUSH' ? ([source, 'write'] as const) : (['write', source] as const);
  return [
    ...places.value.local.flatMap((side) => side.places.map((place): Claim => ({ space: 'place', place, mode: here }))),
    ...places.value.far.flatMap((side) => side.places.map((place): Claim => ({ space: 'place', place, mode: there }))),
    ...tokenClaimsOf(task),
  ];
}

const sourceUse = { SYNC: 'read', COPY: 'read', MOVE: 'write' } as const satisfies Record<TransferMode, Claim['mode']>;

/** What a process needs that reads the far side and writes nothing. */
export function tokenClaimsOf({ spec, credential }: Pick<ResolvedTask, 'spec' | 'credential'>): readonly Claim[] {
  return tokenClaim(spec.remote.credential, credential === null ? null : findProvider(credential.provider));
}

/** A token that is renewed may be used by one process at a time. Of a backend that is not ours we cannot tell here. */
export function tokenClaim(name: string | null, provider: Provider | null): readonly Claim[] {
  if (name === null || provider?.token === null) return [];
  return [{ space: 'token', credential: name, mode: 'write' }];
}
