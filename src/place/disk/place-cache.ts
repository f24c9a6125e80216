import type { Result } from '../../model/result.ts';
import type { LocalPlace } from '../local-place.ts';
import { readPlaces } from './read-place.ts';

/** Where many paths lead, for comparisons that are made often. What is about to happen reads places itself. */
export interface PlaceCache {
  /** Reads what is not known yet, and waits two seconds at most: a share that hangs holds up nobody. */
  learn(paths: readonly string[]): Promise<void>;
  /** `null`: not known, or it cannot be read. */
  of(path: string): LocalPlace | null;
}

/** Links and mounts hardly ever change. */
const lifeMs = 300_000;
const patienceMs = 2_000;

export function createPlaceCache(now: () => number = Date.now): PlaceCache {
  const known = new Map<string, LocalPlace | null>();
  let readAt = now();

  async function read(paths: readonly string[]): Promise<void> {
    readAt = now();
    const found: readonly Result<LocalPlace, string>[] = await readPlaces(paths);
    for (const [index, path] of paths.entries()) {
      const place = found[index];
      known.set(path, place?.ok === true ? place.value : null);
    }
  }

  return {
    async learn(paths) {
      const unknown = [...new Set(paths)].filter((path) => !known.has(path));
      const stale = readAt + lifeMs < now() ? [...known.keys()] : [];
      if (stale.length > 0) void read(stale);
      if (unknown.length === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs);
      });
      await Promise.race([read(unknown), late]);
      clearTimeout(timer);
    },
    of: (path) => known.get(path) ?? null,
  };
}
