import { err, ok, type Result } from '../model/result.ts';
import { pinHostKeys, scanCommand } from './sftp-host-key.ts';

interface SftpSettings {
  readonly options: Readonly<Record<string, string>>;
  readonly files: readonly { readonly option: string; readonly content: string }[];
}

/** rclone trusts any server unless it is given a file of known ones. Fails with a sentence when it would have none. */
export function sftpSettings(given: Readonly<Record<string, string>>): Result<SftpSettings, string> {
  const { host_key: hostKey, accept_unknown_host_key: accept, ...rest } = given;
  const options = withKeyOnOneLine(rest);
  const { host = '', port = '22', known_hosts_file: knownHostsFile } = options;
  if (hostKey !== undefined) {
    const pinned = pinHostKeys(hostKey, host, port);
    if (!pinned.ok) return pinned;
    const { knownHosts, algorithms } = pinned.value;
    return ok({
      options: { ...options, host_key_algorithms: algorithms },
      files: [{ option: 'known_hosts_file', content: knownHosts }],
    });
  }
  if (knownHostsFile !== undefined || accept === 'true') return ok({ options, files: [] });
  return err(
    `The key of the SFTP server is not known. Run \`${scanCommand(host, port)}\`, compare with the server, and give what it prints as host_key in the credential.`,
  );
}

/** rclone reads a key only from one line, with `\n` written out. */
function withKeyOnOneLine(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { key_pem: key } = options;
  return key === undefined ? options : { ...options, key_pem: key.trimEnd().replace(/\r?\n/g, '\\n') };
}
