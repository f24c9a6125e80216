import type { FileLimits } from '../model/task.ts';

/** The limits of a spec; one that an earlier version has recorded knows none. */
export function limitsOf({
  minAgeMs = null,
  maxAgeMs = null,
  minSizeBytes = null,
  maxSizeBytes = null,
}: Partial<FileLimits>): FileLimits {
  return { minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes };
}

export const noLimits: FileLimits = limitsOf({});

export function hasLimits(limits: FileLimits): boolean {
  return Object.values(limits).some((limit) => limit !== null);
}

export function limitArguments({ minAgeMs, maxAgeMs, minSizeBytes, maxSizeBytes }: FileLimits): readonly string[] {
  return [
    ...(minAgeMs === null ? [] : ['--min-age', `${minAgeMs / 1000}s`]),
    ...(maxAgeMs === null ? [] : ['--max-age', `${maxAgeMs / 1000}s`]),
    ...(minSizeBytes === null ? [] : ['--min-size', `${minSizeBytes}b`]),
    ...(maxSizeBytes === null ? [] : ['--max-size', `${maxSizeBytes}b`]),
  ];
}
