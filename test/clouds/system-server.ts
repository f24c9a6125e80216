import { execFile } from 'node:child_process';
import { access, chmod, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FileTree } from '../helper/file-tree.ts';
import { readTree, writeOldTree } from '../helper/file-tree.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';

const execute = promisify(execFile);

/** The one account that a system's server lets in, and its password. */
export const systemUser = 'alice';
export const systemPassword = 'CANARY-system password & more';
/** `openssl passwd -6 -salt cloudsynctests` of it. */
const passwordHash =
  '$6$cloudsynctests$pScf.j1v2TGFI7Ny69KfqZncjL1U.qpHHNBl1EMofgqtPFeNOydw77RMKp4iKKmFVgU1xj5BtR7kX1obcjdTU1';
const userId = 4711;

export interface SystemAccounts {
  /** The home directory of the user. */
  readonly home: string;
  /** The words that start a server which sees no accounts but ours. */
  command(program: string, ...parameters: readonly string[]): readonly string[];
  read(folder: string): Promise<FileTree>;
  write(folder: string, files: Readonly<Record<string, string>>): Promise<void>;
}

/**
 * Accounts that exist only for the server that is started with them, in a mount namespace of its own: nothing of the
 * machine is changed. The password is good nowhere else.
 */
export async function systemAccounts(directory: TemporaryDirectory): Promise<SystemAccounts> {
  if (process.getuid?.() !== 0) throw new Error('The tests with sshd and vsftpd must run as root: they log users in.');
  const home = directory.at('home');
  await mkdir(home);
  // The user has to reach its home.
  await chmod(directory.path, 0o711);
  const give = () => execute('chown', ['-R', `${userId}:${userId}`, home]);
  await give();
  const passwd = await directory.write(
    'passwd',
    [
      'root:x:0:0::/root:/bin/sh',
      `${systemUser}:x:${userId}:${userId}::${home}:/bin/sh`,
      'sshd:x:101:65534::/run/sshd:/usr/sbin/nologin',
      'nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin',
      '',
    ].join('\n'),
  );
  const shadow = await directory.write(
    'shadow',
    `root:*:19000::::::\n${systemUser}:${passwordHash}:19000:0:99999::::\n`,
  );
  await chmod(shadow, 0o600);
  const prepare =
    'mount --bind "$1" /etc/passwd && mount --bind "$2" /etc/shadow && mount -t tmpfs tmpfs /run && mkdir /run/sshd && shift 2 && exec "$@"';
  return {
    home,
    command: (program, ...parameters) => [
      ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', prepare, 'sh', passwd, shadow, program],
      ...parameters,
    ],
    read: (folder) => readTree(`${home}/${folder}`),
    async write(folder, files) {
      await writeOldTree(`${home}/${folder}`, files);
      await give();
    },
  };
}

/** Fails with what to install where a server is missing. */
export async function installed(program: string, packageName: string): Promise<string> {
  await access(program).catch(() => {
    throw new Error(
      `${program} is missing. Install it with: script/bootstrap --test (or: apt-get install ${packageName})`,
    );
  });
  return program;
}
