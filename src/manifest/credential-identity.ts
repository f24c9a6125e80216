import type { CredentialSpec } from '../model/credential.ts';
import { canonicalJson } from '../model/spec-hash.ts';

/** Many tasks share a credential. */
const identities = new WeakMap<CredentialSpec, string>();

/** Equal for two credentials with equal options, which open the same place. */
export function credentialIdentity(credential: CredentialSpec): string {
  const identity = identities.get(credential) ?? canonicalJson(credential);
  identities.set(credential, identity);
  return identity;
}
