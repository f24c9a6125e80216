import { credentialHash } from '../manifest/credential-identity.ts';
import type { ActiveTask, CredentialOwner, CredentialOwners, OwnerChanges } from '../model/active.ts';
import type { Desired } from '../model/desired.ts';
import type { Plan } from '../model/plan.ts';
import { mayHold } from '../model/unread-place.ts';

/** What may only be done once the file that a name was applied from has been away for a while. */
interface Claim {
  /** A task's name; of a credential, `keyOfCredential`. */
  readonly key: string;
  /** Whether somebody waits for it, so that the directory is to be read again as soon as the time is over. */
  readonly isUrgent: boolean;
}

export function claimsIn(pass: {
  readonly desired: Desired;
  readonly writes: readonly ActiveTask[];
  readonly removes: readonly string[];
  readonly owners: CredentialOwners;
}): readonly Claim[] {
  const { desired, writes, removes, owners } = pass;
  const { tasks, credentials } = desired.takeovers;
  const gone = [...owners.values()].filter(({ name, path }) => isGone(name, path, desired));
  return [
    ...removes.map((key) => ({ key, isUrgent: true })),
    ...writes.flatMap(({ name }) => (tasks.has(name) ? [{ key: name, isUrgent: true }] : [])),
    ...[...credentials].map((name) => ({ key: keyOfCredential(name), isUrgent: true })),
    ...gone.map(({ name }) => ({ key: keyOfCredential(name), isUrgent: false })),
  ];
}

/** Whether nothing is there any more of the manifest that a credential was applied from. */
function isGone(name: string, path: string, { credentials, invalid, unread }: Desired): boolean {
  if (credentials.has(name) || invalid.has(path)) return false;
  return !unread.some((each) => mayHold(each, { kind: 'CloudCredential', name, path }));
}

/** Names have no slash. */
export function keyOfCredential(name: string): string {
  return `${name}/`;
}

export function isCredentialKey(key: string): boolean {
  return key.endsWith('/');
}

/** Whether a pass has done a delete of its plan. */
export function isAnyDeleted({ changes }: Plan, absentSince: ReadonlyMap<string, number>): boolean {
  return changes.some(({ name, action }) => action === 'delete' && name !== null && !absentSince.has(name));
}

export const noOwnerChanges: OwnerChanges = { writes: [], removes: [] };

/** Which files hold the names of credentials from now on. A credential is applied with the first task that uses it. */
export function ownerChanges(
  desired: Desired,
  owners: CredentialOwners,
  tasks: Iterable<ActiveTask>,
  isUnconfirmed: (name: string) => boolean,
): OwnerChanges {
  const found = [...desired.credentials.values()].flatMap(({ credential, path }): readonly CredentialOwner[] => {
    const { name, spec } = credential;
    const owner = owners.get(name);
    const specHash = credentialHash(spec);
    const isSame = owner?.path === path && owner.specHash === specHash;
    return isSame || isUnconfirmed(name) ? [] : [{ name, path, specHash }];
  });
  const used = found.length === 0 ? new Set() : new Set(Array.from(tasks, ({ spec }) => spec.remote.credential));
  const writes = found.filter(({ name }) => owners.has(name) || used.has(name));
  const gone = [...owners.values()].filter(({ name, path }) => isGone(name, path, desired) && !isUnconfirmed(name));
  return { writes, removes: gone.map(({ name }) => name) };
}
