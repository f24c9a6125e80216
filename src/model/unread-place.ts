import type { ManifestKind, UnreadManifest } from './desired.ts';

/** What was applied, and from where. */
export interface AppliedManifest {
  readonly kind: ManifestKind;
  readonly name: string;
  readonly path: string;
}

/** Whether what is not read may be the manifest that something was applied from, or hold it. */
export function mayHold(unread: UnreadManifest, applied: AppliedManifest): boolean {
  return unread.kind === 'folder' ? isBelow(applied.path, unread.path) : isSuccessor(unread, applied);
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** Whether a file is what has become of a manifest by a change of its name. */
export function isSuccessor({ path, about }: UnreadManifest, applied: AppliedManifest): boolean {
  return (about?.kind === applied.kind && about.name === applied.name) || stemOf(path) === stemOf(applied.path);
}

/** What a manifest and what has become of it by a change of its extension have in common; path or name. */
function stemOf(path: string): string {
  return path.replace(/\.(ya?ml(?![a-z0-9])[^/]*|json[c5]?|txt|ya\w+l\w*|ym\w+)$/i, '');
}
