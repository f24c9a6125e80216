import { canonicalJson, digest } from '../model/spec-hash.ts';
import type { StatusFile } from '../model/status.ts';

/**
 * Equal for status files that say the same, and short enough to be kept for each of ten thousand tasks. When the
 * manifest was seen does not count: otherwise seeing it again would be a reason to write.
 */
export function statusFingerprint(file: StatusFile): string {
  return digest(canonicalJson(withoutObservedAt(file)));
}

function withoutObservedAt(file: StatusFile): unknown {
  const { status } = file;
  if (!('observed' in status) || status.observed === null) return file;
  const { at: _, ...observed } = status.observed;
  return { ...file, status: { ...status, observed } };
}
