import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import type { Cloud, CloudKind } from './cloud.ts';
import { freePort, untilAnswers } from './server.ts';
import { installed, systemAccounts, systemPassword, systemUser } from './system-server.ts';
import { versionIn } from './versions.ts';

const execute = promisify(execFile);
const program = '/usr/sbin/vsftpd';
// It tells its version on standard input, which is an odd place.
const { stdout = '' } = spawnSync('sh', ['-c', `${program} -v 0>&1`], { encoding: 'utf8' });
const kind = { provider: 'ftp', server: { name: 'vsftpd', version: versionIn(stdout) } };

export const ftpPlain: CloudKind = {
  ...kind,
  name: 'ftp to vsftpd, plain',
  open: (directory) => open(directory, { settings: {}, options: {}, environment: {} }),
};

export const ftpByTls: CloudKind = {
  ...kind,
  name: 'ftp to vsftpd, explicit TLS',
  async open(directory) {
    const [key, certificate] = [directory.at('ftp-key.pem'), directory.at('ftp-certificate.pem')];
    await execute('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
    ]);
    return await open(directory, {
      settings: {
        ...{ ssl_enable: 'YES', force_local_data_ssl: 'YES', force_local_logins_ssl: 'YES' },
        // rclone opens a TLS session for each file.
        ...{ rsa_cert_file: certificate, rsa_private_key_file: key, require_ssl_reuse: 'NO', ssl_ciphers: 'HIGH' },
      },
      options: { explicit_tls: true, disable_tls13: true },
      environment: { SSL_CERT_FILE: certificate },
    });
  },
};

interface Variant {
  readonly settings: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
}

async function open(directory: TemporaryDirectory, variant: Variant): Promise<Cloud> {
  const accounts = await systemAccounts(directory);
  const port = await freePort();
  await mkdir(directory.at('empty'));
  const settings = {
    ...{ listen: 'YES', listen_address: '127.0.0.1', listen_port: port, background: 'NO', seccomp_sandbox: 'NO' },
    ...{ anonymous_enable: 'NO', local_enable: 'YES', write_enable: 'YES', local_umask: '022', mdtm_write: 'YES' },
    ...{ force_dot_files: 'YES', utf8_filesystem: 'YES', secure_chroot_dir: directory.at('empty') },
    ...{ pam_service_name: 'vsftpd', nopriv_user: 'nobody', xferlog_enable: 'NO', ...variant.settings },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  const file = await directory.write('vsftpd.conf', lines.join(''));
  const [command = '', ...parameters] = accounts.command(await installed(program, 'vsftpd'), file);
  const server = spawn(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });
  const exited = once(server, 'exit');
  await untilAnswers(port);
  return {
    credential: {
      provider: 'ftp',
      options: {
        ...{ host: '127.0.0.1', port, user: systemUser, pass: { fromEnv: 'FTP_PASSWORD' }, writing_mdtm: true },
        ...variant.options,
      },
    },
    ...{ remote: {}, environment: { FTP_PASSWORD: systemPassword, ...variant.environment } },
    ...{ secrets: [systemPassword], traffic: null, read: accounts.read, write: accounts.write },
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await exited;
    },
  };
}
