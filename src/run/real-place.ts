import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode } from '../model/system-error.ts';

/** Of these paths, those that can be told; see `realPlace`. */
export async function placesOf(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(realPlace));
  return found.flatMap((place) => (place.ok ? [place.value] : []));
}

/** With every link resolved, as far as the path is there. */
export async function realPlace(path: string): Promise<Result<string, string>> {
  try {
    return ok(await realpath(path));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return err(`${path} cannot be used: ${errorCode(error)}`);
    if (dirname(path) === path) return ok(path);
    const above = await realPlace(dirname(path));
    return above.ok ? ok(join(above.value, basename(path))) : above;
  }
}

/** Both as `realPlace` gives them. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
