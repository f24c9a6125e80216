import { posix } from 'node:path';
import { type DocumentPath, errorAt, type Finding } from './finding.ts';

/** Where the manifest is, and what of the machine it may use. */
export interface LocalPlace {
  /** Absolute folder of the manifest. */
  readonly folder: string;
  /** Empty: any path will do. */
  readonly pathRoots: readonly string[];
}

/** Absolute, without `.`, `..` and slashes at the end. */
export function resolveLocalPath(written: string, folder: string): string {
  return posix.resolve(folder, written);
}

export function checkLocalPath(written: string, path: DocumentPath, place: LocalPlace): readonly Finding[] {
  if (/^~/.test(written)) {
    return [
      errorAt('CS016', path, 'a path does not begin with ~, which only a shell replaces', 'write the whole path'),
    ];
  }
  const resolved = resolveLocalPath(written, place.folder);
  if (place.pathRoots.length === 0 || place.pathRoots.some((root) => isInside(resolved, posix.resolve(root))))
    return [];
  const message = `${resolved} is not inside ${place.pathRoots.join(' or ')}`;
  return [errorAt('CS028', path, message, 'choose a path inside, or start Cloudsync with another --path-root')];
}

export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? root : `${root}/`);
}
