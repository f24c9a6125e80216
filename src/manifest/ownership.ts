import type { CredentialSpec } from '../model/credential.ts';
import type {
  ManifestKind,
  ParsedManifest,
  ResolvedTask,
  Takeovers,
  UnreadManifest,
  ValidCredential,
} from '../model/desired.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { TaskSpec } from '../model/task.ts';
import { isBelow, isSuccessor } from '../model/unread-place.ts';
import type { ManifestContext, Owners } from './context.ts';
import { credentialHash } from './credential-identity.ts';
import type { CrossProblem } from './cross-problem.ts';
import { displayPath } from './problem-list.ts';

/**
 * A name belongs to the file that it was applied from for as long as something is there. Where that is gone, a manifest
 * that says the same elsewhere is that file after a move, and one that says something else has to wait.
 */
export interface Ownership {
  /** `null`: nothing of this name was applied. */
  ownerPath(kind: ManifestKind, name: string): string | null;
  /** Whether the manifest says what was applied under its name. */
  saysTheSame(manifest: ParsedManifest): boolean;
  /** Why the name is not the manifest's, as a problem of it; `isFaulty`: what is not valid by what is known so far. */
  refusal(manifest: ParsedManifest, isFaulty: (manifest: ParsedManifest) => boolean): CrossProblem | null;
}

interface OwnershipInput {
  readonly manifests: readonly ParsedManifest[];
  readonly unread: readonly UnreadManifest[];
  readonly owners: Owners;
  readonly context: ManifestContext;
}

export function createOwnership({ manifests, unread, owners, context }: OwnershipInput): Ownership {
  let byPath: ReadonlyMap<string, ParsedManifest> | null = null;

  function manifestAt(path: string): ParsedManifest | undefined {
    byPath ??= new Map(manifests.map((manifest) => [manifest.path, manifest]));
    return byPath.get(path);
  }

  function ownerPath(kind: ManifestKind, name: string): string | null {
    const owner = kind === 'CloudSyncTask' ? owners.tasks.get(name) : owners.credentials.get(name);
    return owner?.path ?? null;
  }

  function saysTheSame({ name, task, credential }: ParsedManifest): boolean {
    if (name === null) return false;
    if (task !== null) return isSameSpec(task.spec, owners.tasks.get(name)?.spec);
    return credential !== null && isSameCredential(credential.spec, owners.credentials.get(name)?.specHash);
  }

  /** What is there in place of the manifest that a name was applied from, in words; `null`: nothing that counts. */
  function inTheWay(
    path: string,
    about: { readonly kind: ManifestKind; readonly name: string },
    isFaulty: (manifest: ParsedManifest) => boolean,
  ): { readonly words: string; readonly path: string; readonly isOwner: boolean } | null {
    const owner = manifestAt(path);
    if (owner !== undefined) {
      return isFaulty(owner) ? { words: 'which is not valid now', path, isOwner: true } : null;
    }
    const folder = unread.find((each) => each.kind === 'folder' && isBelow(path, each.path));
    if (folder !== undefined) {
      const words = `and ${displayPath(folder.path, context)} cannot be read`;
      return { words, path: folder.path, isOwner: true };
    }
    const file = unread.find((each) => each.kind === 'file' && isSuccessor(each, { path, ...about }));
    if (file === undefined) return null;
    const words = `and ${displayPath(file.path, context)} is there, which is not read`;
    return { words, path: file.path, isOwner: false };
  }

  return {
    ownerPath,
    saysTheSame,
    refusal(manifest, isFaulty) {
      const { kind, name, path } = manifest;
      if (kind === null || name === null) return null;
      const from = ownerPath(kind, name);
      if (from === null || from === path) return null;
      const found = inTheWay(from, { kind, name }, isFaulty);
      if (found === null || (!found.isOwner && saysTheSame(manifest))) return null;
      const message = `the name "${name}" belongs to ${displayPath(from, context)}, ${found.words}`;
      const hint = `correct or delete ${displayPath(found.path, context)}, or rename this one`;
      return { manifest, code: 'CS030', severity: 'error', place: 'metadata.name', message, hint };
    },
  };
}

/** Of what is valid: which names come from another file than before and mean something else there. */
export function takeoversIn(
  tasks: Iterable<ResolvedTask>,
  credentials: Iterable<ValidCredential>,
  owners: Owners,
  wasRejected: (path: string) => boolean,
): Takeovers {
  const contested = new Set<string>();
  for (const { credential, path } of credentials) {
    const owner = owners.credentials.get(credential.name);
    if (owner === undefined || owner.path === path) continue;
    if (!isSameCredential(credential.spec, owner.specHash) || wasRejected(path)) contested.add(credential.name);
  }
  const names = new Set<string>();
  for (const { name, path, spec, specHash } of tasks) {
    const active = owners.tasks.get(name);
    const isOther = active?.specHash !== specHash;
    if (active !== undefined && active.path !== path && (isOther || wasRejected(path))) names.add(name);
    if (isOther && contested.has(spec.remote.credential ?? '')) names.add(name);
  }
  return { tasks: names, credentials: contested };
}

function isSameSpec(spec: TaskSpec, active: TaskSpec | undefined): boolean {
  return active !== undefined && (spec === active || canonicalJson(spec) === canonicalJson(active));
}

function isSameCredential(spec: CredentialSpec, specHash: string | undefined): boolean {
  return specHash !== undefined && credentialHash(spec) === specHash;
}
