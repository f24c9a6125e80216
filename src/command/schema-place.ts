import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The copy of a schema that `init` has put into the repository, as seen from a manifest; `null`: there is none. */
export function schemaFor(kind: 'task' | 'credential', tasksDirectory: string): string | null {
  const name = join('schema', `${kind}.schema.json`);
  const found = repositoryAround(dirname(tasksDirectory)).find((directory) => existsSync(join(directory, name)));
  return found === undefined ? null : relative(tasksDirectory, join(found, name)).split(sep).join('/');
}

/** A directory and those above it, up to the root of its Git repository. */
function repositoryAround(directory: string): readonly string[] {
  const parent = dirname(directory);
  const isTop = parent === directory || existsSync(join(directory, '.git'));
  return [directory, ...(isTop ? [] : repositoryAround(parent))];
}
