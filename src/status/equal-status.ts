import { canonicalJson, digest } from '../model/spec-hash.ts';
import type { StatusFile } from '../model/status.ts';

/** Whether two status files say the same; when the manifest was seen does not count. */
export function sameStatus(left: StatusFile, right: StatusFile): boolean {
  return statusFingerprint(left) === statusFingerprint(right);
}

/** Equal for status files that say the same; short enough to be kept for each of ten thousand tasks. */
export function statusFingerprint(file: StatusFile): string {
  return digest(canonicalJson(withoutObservedAt(file)));
}

function withoutObservedAt(file: StatusFile): unknown {
  const { status } = file;
  if (!('observed' in status) || status.observed === null) return file;
  const { at: _, ...observed } = status.observed;
  return { ...file, status: { ...status, observed } };
}
