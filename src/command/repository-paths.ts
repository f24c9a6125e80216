import { isAbsolute, relative, resolve, sep } from 'node:path';
import { checkoutRoot } from '../source/git.ts';
import type { Shell } from './shell.ts';

/** Names a file as the user did, relative to the root of the repository; as an absolute path where it is not in it. */
export type RepositoryPath = (file: string) => string;

/** For the checkout that holds a directory; without one, paths are relative to the working directory. */
export async function repositoryPaths(
  directory: string,
  { environment, workingDirectory }: Shell,
): Promise<RepositoryPath> {
  const start = resolve(workingDirectory, directory);
  const { GITHUB_WORKSPACE: workspace = '' } = environment;
  const root =
    (await checkoutRoot(start)) ?? (workspace !== '' && isWithin(workspace, start) ? workspace : workingDirectory);
  return (file) => {
    const absolute = resolve(workingDirectory, file);
    if (!isWithin(root, absolute)) return absolute;
    return relative(root, absolute).split(sep).join('/') || '.';
  };
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
