import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue, Provider } from '../model/provider.ts';
import { loginPlace } from './login-place.ts';
import { conflicting, countGiven, needsOneOf } from './option-rule.ts';
import { exampleHostKey, hostKeyIssues } from './sftp-host-key.ts';

export const sftp: Provider = {
  name: 'sftp',
  title: 'SFTP',
  rcloneType: 'sftp',
  description:
    'A directory on a server that is reached by SSH. A folder with a leading slash is absolute, one without starts from the home directory of the user.',
  options: {
    host: {
      type: 'string',
      description: 'Name or address of the SSH server.',
      examples: ['backup.example.com', '192.0.2.10'],
      required: true,
      pattern: '^[^\\s@/]+$',
    },
    port: {
      type: 'integer',
      description: 'Port of the SSH server; 22 when left out.',
      examples: [22, 2222],
      minimum: 1,
      maximum: 65535,
    },
    user: {
      type: 'string',
      description: 'Name to log in with.',
      examples: ['backup'],
      required: true,
    },
    pass: {
      type: 'string',
      description: 'Password to log in with. A key is the better choice where the server takes one.',
      examples: [],
      secret: true,
      obscured: true,
    },
    key_pem: {
      type: 'string',
      description: 'The private key itself, in PEM or OpenSSH form, with its line breaks.',
      examples: [],
      secret: true,
    },
    key_file: {
      type: 'path',
      description: 'File that holds the private key.',
      examples: ['/run/secrets/backup-key'],
    },
    key_file_pass: {
      type: 'string',
      description: 'Passphrase of the private key, whether it comes from key_pem or from key_file.',
      examples: [],
      secret: true,
      obscured: true,
    },
    host_key: {
      type: 'string',
      description:
        'Public keys of the server, one a line, as `ssh-keyscan` prints them; give all that it prints. Any other server is refused.',
      examples: [exampleHostKey],
    },
    known_hosts_file: {
      type: 'path',
      description: 'File with the keys of known servers in the form of OpenSSH, in place of host_key.',
      examples: ['/etc/ssh/ssh_known_hosts'],
    },
    accept_unknown_host_key: {
      type: 'boolean',
      description:
        'Talk to whoever answers, in place of host_key. Someone on the way can then read and change the files, and learn the password.',
      examples: [true],
    },
    disable_hashcheck: {
      type: 'boolean',
      description: 'Compare sizes only, and run no md5sum or sha1sum on the server. For servers without a shell.',
      examples: [true],
    },
    set_modtime: {
      type: 'boolean',
      description: 'Set the modification time of uploaded files; on unless it is set to false.',
      examples: [false],
    },
    skip_links: {
      type: 'boolean',
      description: 'Leave out symbolic links on the server.',
      examples: [true],
    },
    shell_type: {
      type: 'string',
      description: 'The kind of shell on the server, where rclone cannot find out by itself.',
      examples: ['unix', 'none'],
      values: ['none', 'unix', 'powershell', 'cmd'],
    },
    path_override: {
      type: 'string',
      description: 'Where the same directory lies for shell commands, on servers whose SFTP root is another one.',
      examples: ['/volume1'],
    },
    concurrency: {
      type: 'integer',
      description: 'Number of requests in flight for one file; 64 when left out.',
      examples: [64],
      minimum: 1,
      maximum: 1024,
    },
    use_insecure_cipher: {
      type: 'boolean',
      description: 'Accept old ciphers and key exchange methods that are known to be weak. For old servers only.',
      examples: [true],
    },
  },
  usual: ['key_file', 'known_hosts_file'],
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: (location) => loginPlace('sftp', 22, location),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: [
    'The server must be known by host_key or known_hosts_file. Compare what `ssh-keyscan -p 22 HOST` prints with `ssh-keygen -lf` on the server.',
    'Before 1.64 rclone chooses the kind of host key by itself: give every key that the server has, or it may be refused.',
    'Checksums need a shell on the server; without one, files are compared by size and time.',
  ],
  check: (options) => [...loginIssues(options), ...hostKeyIssues(options)],
};

function loginIssues(options: Readonly<Record<string, OptionValue>>): readonly OptionIssue[] {
  const keys = ['key_pem', 'key_file'];
  const both = conflicting('key_file', 'options "key_pem" and "key_file" exclude each other', 'keep one of the two');
  return [...needsOneOf('sftp', options, ['pass', ...keys]), ...(countGiven(options, keys) > 1 ? [both] : [])];
}
