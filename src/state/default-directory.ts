import { basename, dirname, isAbsolute, join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { digest } from '../model/spec-hash.ts';

/** Who chose where the state lies: `named` by the user, or by default of systemd, of the machine, or of a user's home. */
export type StateOrigin = 'named' | 'systemd' | 'machine' | 'home';

export interface StateDefault {
  readonly path: string;
  readonly origin: Exclude<StateOrigin, 'named'>;
}

/** Where the daemons of root keep their state, a folder for each tasks directory. */
const machineFolder = '/var/lib/cloudsync';

const nowhere =
  'there is no place for the state: neither HOME nor XDG_STATE_HOME is an absolute path. Name a directory with --state-dir or CLOUDSYNC_STATE_DIR';

/**
 * Where the state of a tasks directory lies if nobody says so: never in the checkout, where a commit could write it.
 * `uid` is that of this process. The error says what to set.
 */
export function defaultStateDirectory(
  tasksDirectory: string,
  environment: NodeJS.ProcessEnv,
  uid: number | null,
): Result<StateDefault, string> {
  const { STATE_DIRECTORY = '', XDG_STATE_HOME = '', HOME = '' } = environment;
  // systemd.exec(5): absolute paths, with a colon between them where the unit names several.
  const [given = ''] = STATE_DIRECTORY.split(':');
  if (isAbsolute(given)) return ok({ path: given, origin: 'systemd' });
  if (uid === 0) return ok({ path: machineStateDirectory(tasksDirectory), origin: 'machine' });
  // The XDG Base Directory Specification has relative paths ignored.
  const above = [XDG_STATE_HOME, HOME === '' ? '' : join(HOME, '.local', 'state')].find(isAbsolute);
  if (above === undefined) return err(nowhere);
  return ok({ path: join(above, 'cloudsync', stateFolderName(tasksDirectory)), origin: 'home' });
}

/** Where a daemon of root keeps the state of that tasks directory. */
export function machineStateDirectory(tasksDirectory: string): string {
  return join(machineFolder, stateFolderName(tasksDirectory));
}

/**
 * The same for every way to write one path, and another for each path. By the path as it is named, absolute but with its
 * links: what git-sync publishes is a link that leads to another directory with each commit, and its state is one.
 */
function stateFolderName(tasksDirectory: string): string {
  const path = tasksDirectory === '/' ? '/' : join(dirname(tasksDirectory), basename(tasksDirectory));
  const name = basename(path)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, maxNameLength);
  return `${name === '' ? 'tasks' : name}-${digest(path).slice('sha256:'.length, 'sha256:'.length + hashLength)}`;
}

/** The path of a socket below must not be longer than a hundred bytes or so. */
const maxNameLength = 24;
/** Hexadecimal digits: among a thousand directories, two of one name and hash are one in 500 million. */
const hashLength = 12;
