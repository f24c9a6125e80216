import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import type { Cloud, CloudKind } from './cloud.ts';
import { freePort, startServer } from './server.ts';
import { sshKey } from './ssh-key.ts';
import { installed, systemAccounts, systemPassword, systemUser } from './system-server.ts';
import { versionIn } from './versions.ts';

const execute = promisify(execFile);
const program = '/usr/sbin/sshd';
// An option that there is not makes it tell its version, and fail.
const version = versionIn(spawnSync(program, ['-?'], { encoding: 'utf8' }).stderr ?? '');
const kind = { provider: 'sftp', server: { name: 'OpenSSH sshd', version } };

export const sshdByPassword: CloudKind = {
  ...kind,
  name: 'sftp to OpenSSH, password',
  open: (directory) =>
    open(directory, { pass: { fromEnv: 'SSHD_PASSWORD' } }, { SSHD_PASSWORD: systemPassword }, [systemPassword]),
};

export const sshdByKey: CloudKind = {
  ...kind,
  name: 'sftp to OpenSSH, key',
  async open(directory) {
    const key = sshKey();
    await directory.write('authorized-keys', `${key.publicKey} alice\n`);
    const file = await directory.write('user-key', key.privateKey);
    return await open(directory, { key_pem: { fromFile: file } }, {}, key.privateKey.trim().split('\n'));
  },
};

async function open(
  directory: TemporaryDirectory,
  login: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Promise<Cloud> {
  const accounts = await systemAccounts(directory);
  const hostKeyFile = directory.at('host-key');
  await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKeyFile]);
  const { stdout: hostKey } = await execute('ssh-keygen', ['-y', '-f', hostKeyFile]);
  const port = await freePort();
  const settings = {
    ...{ Port: port, ListenAddress: '127.0.0.1', HostKey: hostKeyFile, PidFile: 'none', UsePAM: 'no' },
    // The file belongs to root and lies below /tmp.
    ...{ AuthorizedKeysFile: directory.at('authorized-keys'), StrictModes: 'no', PasswordAuthentication: 'yes' },
    ...{ Subsystem: 'sftp internal-sftp', LogLevel: 'INFO', MaxStartups: '100' },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  const file = await directory.write('sshd-config', lines.join(''));
  const command = accounts.command(await installed(program, 'openssh-server'), '-D', '-e', '-f', file);
  const server = await startServer(command, {}, /Server listening on (\S+)/);
  return {
    credential: {
      provider: 'sftp',
      options: { host: '127.0.0.1', port, user: systemUser, host_key: hostKey.trim(), ...login },
    },
    ...{ remote: {}, environment, secrets, traffic: null, read: accounts.read, write: accounts.write },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
