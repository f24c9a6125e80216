import type { CredentialSpec } from '../model/credential.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';

/** Many tasks share a credential. */
const identities = new WeakMap<CredentialSpec, string>();

/** Equal for two credentials with equal options, which open the same place. */
export function credentialIdentity(credential: CredentialSpec): string {
  const identity = identities.get(credential) ?? canonicalJson(credential);
  identities.set(credential, identity);
  return identity;
}

const hashes = new WeakMap<CredentialSpec, string>();

/** `sha256:` and the digest of the same. */
export function credentialHash(credential: CredentialSpec): string {
  const hash = hashes.get(credential) ?? digest(credentialIdentity(credential));
  hashes.set(credential, hash);
  return hash;
}
