import type { FarLocation, FarPlace } from '../model/far-place.ts';
import { folderParts, placing, serverMark } from '../place/far-mark.ts';

/** Two logins at one address mostly see the same files; some servers show each its own. */
export function webdavPlace({ options, folder }: FarLocation): FarPlace {
  const { url, user: login } = options;
  const { mark, path } = serverMark(url, '');
  const user = placing(login);
  return {
    kind: 'far',
    service: 'webdav',
    marks: [mark, { value: user.value, known: false }],
    parts: [...withUser(path, user.known ? user.value : null), ...folderParts(folder)],
    folds: false,
    host: 'server',
  };
}

/** The old address of Nextcloud and ownCloud leads to the files of the login, which the new one names. */
function withUser(path: readonly string[], user: string | null): readonly string[] {
  const index = path.findIndex((part, at) => part === 'remote.php' && path[at + 1] === 'webdav');
  if (index < 0 || user === null) return path;
  return [...path.slice(0, index), 'remote.php', 'dav', 'files', user, ...path.slice(index + 2)];
}
