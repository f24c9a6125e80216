import type { Provider } from '../model/provider.ts';
import { loginPlace } from './login-place.ts';
import { conflicting, isGiven } from './option-rule.ts';

export const ftp: Provider = {
  name: 'ftp',
  title: 'FTP',
  rcloneType: 'ftp',
  description:
    'A directory on an FTP server, with or without TLS. A folder with a leading slash is absolute, one without starts where the login does.',
  options: {
    host: {
      type: 'string',
      description: 'Name or address of the FTP server.',
      examples: ['ftp.example.com', '192.0.2.10'],
      required: true,
      pattern: '^[^\\s@/]+$',
    },
    port: {
      type: 'integer',
      description: 'Port of the FTP server; 21 when left out. Implicit TLS mostly has 990.',
      examples: [21, 990],
      minimum: 1,
      maximum: 65535,
    },
    user: {
      type: 'string',
      description: 'Name to log in with.',
      examples: ['backup', 'anonymous'],
      required: true,
    },
    pass: {
      type: 'string',
      description: 'Password to log in with.',
      examples: [],
      secret: true,
      obscured: true,
    },
    explicit_tls: {
      type: 'boolean',
      description: 'Begin in plain text and then ask for TLS, on the usual port.',
      examples: [true],
    },
    tls: {
      type: 'boolean',
      description: 'Speak TLS from the first byte (implicit), on a port of its own.',
      examples: [true],
    },
    no_check_certificate: {
      type: 'boolean',
      description: 'Accept any certificate of the server, so that anyone on the way can read and change the files.',
      examples: [true],
    },
    disable_tls13: {
      type: 'boolean',
      description: 'Use TLS 1.2 at most, for servers whose TLS 1.3 does not work.',
      examples: [true],
    },
    concurrency: {
      type: 'integer',
      description: 'Most connections at the same time; 0 is as many as needed. Too few can bring a run to a halt.',
      examples: [10],
      minimum: 0,
      maximum: 1024,
    },
    disable_epsv: {
      type: 'boolean',
      description: 'Do not use EPSV, for servers and firewalls that offer it and fail.',
      examples: [true],
    },
    disable_mlsd: {
      type: 'boolean',
      description: 'Do not use MLSD, for servers that offer it and fail.',
      examples: [true],
    },
    writing_mdtm: {
      type: 'boolean',
      description: 'Set modification times with MDTM, as vsftpd wants it.',
      examples: [true],
    },
    force_list_hidden: {
      type: 'boolean',
      description: 'List hidden files and folders too, with LIST -a.',
      examples: [true],
    },
  },
  usual: ['pass'],
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: (location) => loginPlace('ftp', 21, location),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: [
    'Without explicit_tls or tls the password and the files cross the network in plain text.',
    'FTP knows no checksums, and many servers cannot set modification times; files are then compared by size.',
  ],
  check(options) {
    if (!isGiven(options, 'tls') || !isGiven(options, 'explicit_tls')) return [];
    const message = 'options "tls" and "explicit_tls" exclude each other';
    return [conflicting('tls', message, 'keep explicit_tls, unless the server speaks TLS only on a port of its own')];
  },
};
