import { readTree, writeOldTree, writeTree } from '../helper/file-tree.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import type { Cloud, CloudKind } from './cloud.ts';
import { serveByRclone } from './server.ts';
import { sshKey } from './ssh-key.ts';
import { rcloneVersion } from './versions.ts';

const kind = { provider: 'sftp', server: { name: 'rclone serve sftp', version: rcloneVersion } };

const password = 'CANARY-sftp password & more';

export const sftpByPassword: CloudKind = {
  ...kind,
  name: 'sftp, password by fromFile',
  async open(directory) {
    const file = await directory.write('sftp-password', `${password}\n`);
    return open(directory, {
      environment: { RCLONE_USER: 'alice', RCLONE_PASS: password },
      ...{ parameters: [], options: { pass: { fromFile: file } }, secrets: [password] },
    });
  },
};

export const sftpByKey: CloudKind = {
  ...kind,
  name: 'sftp, key by fromFile',
  async open(directory) {
    const key = sshKey();
    const authorized = await directory.write('authorized-keys', `${key.publicKey} alice\n`);
    const file = await directory.write('user-key', key.privateKey);
    return open(directory, {
      environment: {},
      parameters: ['--authorized-keys', authorized],
      options: { key_pem: { fromFile: file } },
      secrets: key.privateKey.trim().split('\n'),
    });
  },
};

interface Login {
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
}

async function open(directory: TemporaryDirectory, login: Login): Promise<Cloud> {
  const root = directory.at('served');
  await writeTree(root, {});
  const hostKey = sshKey();
  const hostKeyFile = await directory.write('host-key', hostKey.privateKey);
  const server = await serveByRclone(
    ['sftp', root, '--key', hostKeyFile, ...login.parameters],
    { HOME: directory.path, ...login.environment },
    /SFTP server listening on (\S+)/,
  );
  const { hostname, port } = new URL(`ssh://${server.address}`);
  await directory.write('known-hosts', `[${hostname}]:${port} ${hostKey.publicKey}\n`);
  return {
    credential: {
      provider: 'sftp',
      // The hashes that rclone 1.60 serves are empty while its cache still holds a file.
      options: {
        host: hostname,
        port: Number(port),
        user: 'alice',
        disable_hashcheck: true,
        known_hosts_file: directory.at('known-hosts'),
        ...login.options,
      },
    },
    ...{ remote: {}, environment: {}, secrets: login.secrets, traffic: null },
    read: (folder) => readTree(`${root}/${folder}`),
    write: (folder, files) => writeOldTree(`${root}/${folder}`, files),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
