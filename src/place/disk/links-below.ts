import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../model/result.ts';
import { isSnapshotFolder } from '../../model/snapshot-folder.ts';
import type { LocalPlace } from '../local-place.ts';
import { readPlaces } from './read-place.ts';

export interface Link {
  readonly path: string;
  /** Where it leads; the error says why that cannot be told. */
  readonly place: Result<LocalPlace, string>;
}

/** The symbolic links in a folder and below it, folder by folder. None is followed, and no run enters a snapshot. */
export async function* linksBelow(root: string, signal: AbortSignal): AsyncGenerator<Link> {
  const left = [root];
  for (let folder = left.pop(); folder !== undefined && !signal.aborted; folder = left.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const links: string[] = [];
    for (const entry of entries) {
      if (entry.isDirectory() && !isSnapshotFolder(entry.name)) left.push(join(folder, entry.name));
      if (entry.isSymbolicLink()) links.push(join(folder, entry.name));
    }
    if (links.length === 0) continue;
    const places = await readPlaces(links);
    for (const [index, path] of links.entries()) {
      const place = places[index];
      if (place !== undefined) yield { path, place };
    }
  }
}

/** The links in a folder, and those that are found by following them, each place once. */
export async function* linksFollowed(root: string, signal: AbortSignal): AsyncGenerator<Link> {
  const seen = new Set([root]);
  for (const folder of seen) {
    for await (const link of linksBelow(folder, signal)) {
      if (!link.place.ok || seen.has(link.place.value.path)) continue;
      // The set grows while it is gone through.
      seen.add(link.place.value.path);
      yield link;
    }
  }
}
