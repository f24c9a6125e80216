import type { ParsedManifest } from './desired.ts';
import type { TaskSpec } from './task.ts';

/** Objects that were met, by their JSON. */
export type KnownParts = Map<string, object>;

/** What is the same in many tasks. */
export const commonParts: readonly (keyof TaskSpec)[] = [
  ...(['schedule', 'verify', 'bandwidthLimit', 'exclude', 'include', 'rcloneFlags', 'encryption'] as const),
  ...(['safety', 'retry', 'history'] as const),
];

/**
 * Replaces objects in a value that nobody else has seen yet by equal ones that are known, and gets to know the others:
 * thousands of tasks hardly differ, and what they have in common need not be in memory thousands of times.
 */
export function shareParts<T extends object>(value: T, keys: readonly (keyof T)[], known: KnownParts): void {
  for (const key of keys) {
    const part = value[key];
    if (typeof part !== 'object' || part === null) continue;
    const text = JSON.stringify(part);
    const first = known.get(text);
    if (first === undefined) known.set(text, part);
    else value[key] = first as typeof part;
  }
}

/** The same for what a manifest was parsed to, but for the spec, which may be another's. */
export function shareManifestParts(manifest: ParsedManifest, known: KnownParts): void {
  shareParts(manifest, ['labels', 'problems'], known);
  if (manifest.task !== null) shareParts(manifest.task, ['labels', 'annotations'], known);
}
