import { describe, expect, test } from 'vitest';
import { sftp } from '../../src/provider/sftp.ts';
import { exampleHostKey } from '../../src/provider/sftp-host-key.ts';
import { sftpSettings } from '../../src/provider/sftp-settings.ts';

const login = { host: 'nas.example.org', user: 'backup', pass: { fromEnv: 'PASS' } };
const rsaKey = `ssh-rsa ${field('ssh-rsa')}`;
const ecdsaKey = `ecdsa-sha2-nistp256 ${field('ecdsa-sha2-nistp256')}`;

/** A key as far as its first field, which names its type. */
function field(type: string, length = type.length): string {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, Buffer.from(type)]).toString('base64');
}

function messages(options: Parameters<NonNullable<typeof sftp.check>>[0]): readonly string[] {
  return (sftp.check?.(options) ?? []).map(({ code, option, message }) => `${code} ${option}: ${message}`);
}

describe('a credential', () => {
  test.each([
    { host_key: exampleHostKey },
    { host_key: { fromFile: '/etc/nas.pub' } },
    { known_hosts_file: '/etc/ssh/ssh_known_hosts' },
    { accept_unknown_host_key: true },
    { accept_unknown_host_key: false, host_key: exampleHostKey },
    { host_key: '', accept_unknown_host_key: true },
  ])('is valid with %j', (known) => {
    expect(messages({ ...login, ...known })).toEqual([]);
  });

  test.each([{}, { accept_unknown_host_key: false }])('without a known server (%j) is refused', (known) => {
    const issues = sftp.check?.({ ...login, port: 2222, ...known });
    expect(issues).toMatchObject([{ severity: 'error', code: 'CS042', option: null }]);
    expect(issues?.[0]?.hint).toContain('`ssh-keyscan -p 2222 nas.example.org`');
  });

  test.each([
    [{ ...login }, 'ssh-keyscan -p 22 nas.example.org`'],
    [{ ...login, host: '[2001:db8::1]' }, 'ssh-keyscan -p 22 2001:db8::1`'],
    [{ ...login, host: { fromEnv: 'HOST' } }, 'ssh-keyscan -p 22 HOST`'],
  ])('is told how to learn the key', (options, command) => {
    expect(sftp.check?.(options)[0]?.hint).toContain(command);
  });

  test('says it in one way', () => {
    const both = messages({ ...login, host_key: exampleHostKey, accept_unknown_host_key: true });
    expect(both).toEqual([expect.stringMatching(/^CS044 null: .* exclude each other$/)]);
  });

  test.each([
    ['nonsense', 1],
    ['ssh-ed25519', 1],
    [`${exampleHostKey}\nssh-ed25519 AAAA`, 2],
    [`# one\n\n${exampleHostKey.slice(0, -8)}`, 3],
    [`@cert-authority ${exampleHostKey}`, 1],
    [`@revoked * ${exampleHostKey}`, 1],
    [`ssh-rsa ${exampleHostKey.split(' ')[1]}`, 1],
    [`ssh-rsa ${field('ssh-rsa', 400)}`, 1],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 1],
  ])('with the host key %j is refused', (key, line) => {
    const expected = `option "host_key" must hold public keys of a server, and its line ${line} is none`;
    expect(messages({ ...login, host_key: key })).toEqual([`CS044 host_key: ${expected}`]);
  });

  test('with comments alone as host key is refused', () => {
    expect(messages({ ...login, host_key: '# nas:22 SSH-2.0-OpenSSH_9.2' })[0]).toContain('at least one public key');
  });

  test.each([
    [{ pass: { fromEnv: 'PASS' } }, []],
    [{ key_pem: { fromEnv: 'KEY' } }, []],
    [{ key_file: '/key', pass: { fromEnv: 'PASS' } }, []],
    [{}, ['CS042 null: provider sftp needs one of the options pass, key_pem, key_file']],
    [
      { key_file: '/key', key_pem: { fromEnv: 'KEY' } },
      ['CS044 key_file: options "key_pem" and "key_file" exclude each other'],
    ],
  ])('logs in by %j', (options, expected) => {
    expect(messages({ host: 'h', user: 'u', accept_unknown_host_key: true, ...options })).toEqual(expected);
  });
});

describe('what rclone is told', () => {
  test('a host key becomes a file of known hosts for this server alone', () => {
    const scanned = `# nas:2222 SSH-2.0-OpenSSH_9.2\n[nas]:2222 ${rsaKey}\n${exampleHostKey} root@nas\r\n\n|1|abc=|def= ${ecdsaKey}\n`;
    expect(sftpSettings({ host: 'nas', port: '2222', user: 'u', host_key: scanned })).toEqual({
      ok: true,
      value: {
        options: {
          ...{ host: 'nas', port: '2222', user: 'u' },
          host_key_algorithms: 'rsa-sha2-512 rsa-sha2-256 ssh-rsa ssh-ed25519 ecdsa-sha2-nistp256',
        },
        files: [
          {
            option: 'known_hosts_file',
            content: `[nas]:2222 ${rsaKey}\n[nas]:2222 ${exampleHostKey}\n[nas]:2222 ${ecdsaKey}\n`,
          },
        ],
      },
    });
  });

  test.each([
    ['nas', '[nas]:22 '],
    ['[2001:db8::1]', '[2001:db8::1]:22 '],
  ])('the file names %s with its port', (host, start) => {
    const settings = sftpSettings({ host, host_key: exampleHostKey });
    expect(settings.ok && settings.value.files[0]?.content).toBe(`${start}${exampleHostKey}\n`);
  });

  test.each(['*', 'a,b', 'nas\n*', '!nas', ''])('the host %j, which would name others too, is refused', (host) => {
    expect(sftpSettings({ host, host_key: exampleHostKey })).toEqual({
      ok: false,
      error: 'Option "host" must be a name or an address.',
    });
  });

  test('a host key that was read from elsewhere is checked', () => {
    const settings = sftpSettings({ host: 'nas', host_key: 'nonsense' });
    expect(!settings.ok && settings.error).toMatch(
      /^The credential's option "host_key" must hold .* line 1 is none\.$/,
    );
  });

  test('a file of known hosts is passed on, and our own options are not', () => {
    expect(sftpSettings({ host: 'nas', known_hosts_file: '/known' })).toEqual({
      ok: true,
      value: { options: { host: 'nas', known_hosts_file: '/known' }, files: [] },
    });
    expect(sftpSettings({ host: 'nas', accept_unknown_host_key: 'true' })).toEqual({
      ok: true,
      value: { options: { host: 'nas' }, files: [] },
    });
  });

  test.each([{}, { accept_unknown_host_key: 'false' }])('an unknown server is refused here too, with %j', (known) => {
    const settings = sftpSettings({ host: 'nas', port: '2222', ...known });
    expect(!settings.ok && settings.error).toContain('Run `ssh-keyscan -p 2222 nas`');
    expect(sftpSettings({ ...known })).toMatchObject({ ok: false });
  });

  test('a private key is put on one line', () => {
    const key_pem = '-----BEGIN-----\r\nabc\n-----END-----\n';
    const settings = sftpSettings({ host: 'nas', accept_unknown_host_key: 'true', key_pem });
    expect(settings.ok && settings.value.options).toEqual({
      host: 'nas',
      key_pem: '-----BEGIN-----\\nabc\\n-----END-----',
    });
  });
});
