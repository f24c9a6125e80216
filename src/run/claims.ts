import { posix } from 'node:path';
import { isSecretReference } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Provider } from '../model/provider.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { findProvider } from '../provider/registry.ts';
import type { Claim } from './locks.ts';

/**
 * What a run reads and writes. Two runs at one destination spoil each other's files, and two that renew one OAuth
 * token at the same moment leave one of them with a token that is used up.
 */
export function claimsOf({ spec, credential }: ResolvedTask): readonly Claim[] {
  const sourceMode = spec.transferMode === 'MOVE' ? 'write' : 'read';
  const [here, there] = spec.direction === 'PUSH' ? ([sourceMode, 'write'] as const) : (['write', sourceMode] as const);
  const provider = credential === null ? null : findProvider(credential.provider);
  const local = spec.paths.map((path): Claim => ({ space: 'local', parts: partsOf(path), mode: here }));
  return [...local, farClaim({ spec, credential }, there), ...tokenClaim(spec.remote.credential, provider)];
}

type Located = Pick<ResolvedTask, 'spec' | 'credential'>;

function farClaim({ spec, credential }: Located, mode: Claim['mode']): Claim {
  const { bucket, folder, rcloneRemote } = spec.remote;
  const { root } = credential?.provider === 'local' ? credential.options : {};
  // A folder on this machine is the same place whichever task calls it remote.
  if (typeof root === 'string') return { space: 'local', parts: partsOf(`${root}/${folder}`), mode };
  const space = credential === null ? `rclone:${rcloneRemote}` : `remote:${accountOf(credential)}`;
  return { space, parts: partsOf(`${bucket ?? ''}/${folder}`), mode };
}

/** Two credentials with the same provider and the same settings, secrets aside, may well lead to the same place. */
function accountOf(credential: NonNullable<Located['credential']>): string {
  const options = Object.entries(credential.options).filter(([, value]) => !isSecretReference(value));
  return canonicalJson({ provider: credential.provider, options: Object.fromEntries(options) });
}

/** A token that is renewed may be used by one process at a time. Of a backend that is not ours we cannot tell here. */
export function tokenClaim(name: string | null, provider: Provider | null): readonly Claim[] {
  if (name === null || provider?.token === null) return [];
  return [{ space: 'token', parts: [name], mode: 'write' }];
}

function partsOf(path: string): readonly string[] {
  return posix
    .normalize(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}
