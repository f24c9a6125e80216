import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { conflicting, countGiven, missing } from './option-rule.ts';

/** How the one server that is meant is told from any other that answers in its place. */
export interface HostKeys {
  /** In the form of OpenSSH's known_hosts, for this server alone. */
  readonly knownHosts: string;
  /** For rclone's option of that name, from 1.64 on. Without it the client may choose a kind of key that is not listed. */
  readonly algorithms: string;
}

export const exampleHostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO5mFR4YEiCJgXMXeM5+cOOfSCnrNBTmgXamEWz8PMZC';

const ways = ['host_key', 'known_hosts_file', 'accept_unknown_host_key'];

/** The server must be known, unless somebody has written down that it need not be. */
export function hostKeyIssues(options: Readonly<Record<string, OptionValue>>): readonly OptionIssue[] {
  const given = countGiven(options, ways);
  if (given === 0) {
    const { host, port } = options;
    const scan = scanCommand(typeof host === 'string' ? host : 'HOST', typeof port === 'number' ? port : 22);
    const message = 'provider sftp must know the key of the server, or it would trust whoever answers';
    const hint = `run \`${scan}\`, compare with the server, and give what it prints as host_key; or name a known_hosts_file; or set accept_unknown_host_key: true`;
    return [missing(message, hint)];
  }
  if (given > 1) {
    const message = `options "${ways.join('", "')}" exclude each other`;
    return [conflicting(null, message, 'keep one of them')];
  }
  const { host_key: keys } = options;
  const parsed = typeof keys === 'string' && keys !== '' ? parseHostKeys(keys) : ok([]);
  return parsed.ok ? [] : [conflicting('host_key', parsed.error, `for example host_key: ${exampleHostKey}`)];
}

export function scanCommand(host: string, port: number | string): string {
  return `ssh-keyscan -p ${port} ${host.replace(/^\[(.*)\]$/, '$1')}`;
}

/** `host` and `port` as rclone gets them. Fails with a sentence. */
export function pinHostKeys(text: string, host: string, port: string): Result<HostKeys, string> {
  // In known_hosts these would name other hosts too.
  if (!/^(?:[\w.-]+|\[[\w.:%-]+\])$/.test(host)) return err('Option "host" must be a name or an address.');
  const keys = parseHostKeys(text);
  if (!keys.ok) return err(`The credential's ${keys.error}.`);
  const address = `${host.startsWith('[') ? host : `[${host}]`}:${port}`;
  const algorithms = new Set(keys.value.flatMap(({ type }) => signatures(type)));
  return ok({
    knownHosts: keys.value.map(({ type, key }) => `${address} ${type} ${key}\n`).join(''),
    algorithms: [...algorithms].join(' '),
  });
}

interface HostKey {
  readonly type: string;
  readonly key: string;
}

/** Lines as in known_hosts, with the host in front or without. */
function parseHostKeys(text: string): Result<readonly HostKey[], string> {
  const keys: HostKey[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) continue;
    const found = keyIn(words) ?? keyIn(words.slice(1));
    if (found === null || words[0]?.startsWith('@')) {
      return err(`option "host_key" must hold public keys of a server, and its line ${index + 1} is none`);
    }
    keys.push(found);
  }
  return keys.length > 0 ? ok(keys) : err('option "host_key" must hold at least one public key of a server');
}

/** A key says its own type first, which tells one that was cut off or mixed up. */
function keyIn([type = '', key = '']: readonly string[]): HostKey | null {
  if (!/^(?:ssh-|ecdsa-|sk-)[\w@.-]+$/.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(key)) return null;
  const data = Buffer.from(key, 'base64');
  const length = data.length > 4 ? data.readUInt32BE(0) : 0;
  const says = data.subarray(4, 4 + length).toString('latin1');
  return says === type && isWhole(data) ? { type, key } : null;
}

/** Whether the fields, each with its length in front, end where the data does. */
function isWhole(data: Buffer): boolean {
  let at = 0;
  while (at + 4 <= data.length) at += 4 + data.readUInt32BE(at);
  return at === data.length;
}

/** An RSA key signs in three ways, of which `ssh-rsa` is the oldest and no longer taken by new servers. */
function signatures(type: string): readonly string[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];
}
