import { readdir, realpath } from 'node:fs/promises';
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
  // Names are bytes: some are no UTF-8, and such a folder is not found by what it is read as.
  const left: Buffer[] = [Buffer.from(root)];
  for (let folder = left.pop(); folder !== undefined && !signal.aborted; folder = left.pop()) {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
    const links: Buffer[] = [];
    for (const entry of entries) {
      const path = below(folder, entry.name);
      if (entry.isDirectory() && !isSnapshotFolder(entry.name.toString())) left.push(path);
      if (entry.isSymbolicLink()) links.push(path);
    }
    if (links.length === 0) continue;
    const places = await readPlaces(await Promise.all(links.map(readable)));
    for (const [index, raw] of links.entries()) {
      const place = places[index];
      if (place !== undefined) yield { path: raw.toString(), place };
    }
  }
}

function below(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from(folder.at(-1) === slash ? '' : '/'), name]);
}

const slash = 0x2f;

/** The path itself; where it is no UTF-8, that of what it leads to. */
async function readable(raw: Buffer): Promise<string> {
  const path = raw.toString();
  return Buffer.from(path).equals(raw) ? path : await realpath(raw).catch(() => path);
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
