import { describe, expect, test } from 'vitest';
import { type RemoteDefinition, rcloneEnvironment } from '../../src/rclone/environment.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { rclone } from './real-rclone.ts';

const sftp: RemoteDefinition = {
  name: 'remote',
  type: 'sftp',
  options: { host: 'example.com', pass: 'swordfish', 'known-hosts_file': '/k', user: '' },
  obscured: ['pass'],
};

describe('the environment of rclone', () => {
  test('takes over what is listed and nothing else', () => {
    const parent = {
      ...{ PATH: '/bin', HOME: '/root', https_proxy: 'http://proxy:3128', SSL_CERT_FILE: '/ca.pem', TZ: 'UTC' },
      ...{ RCLONE_DRY_RUN: 'true', AWS_CA_BUNDLE: '/ca.pem', B2_KEY: 'swordfish', LANG: undefined },
    };
    expect(rcloneEnvironment({ remotes: [], parent, timeZone: null })).toEqual({
      ...{ PATH: '/bin', HOME: '/root', https_proxy: 'http://proxy:3128', SSL_CERT_FILE: '/ca.pem', TZ: 'UTC' },
      RCLONE_CONFIG: '',
    });
  });

  test('has the time zone that the times of a bandwidth limit are meant in', () => {
    const { TZ } = rcloneEnvironment({ remotes: [], parent: { TZ: 'UTC' }, timeZone: 'Europe/Berlin' });
    expect(TZ).toBe('Europe/Berlin');
  });

  test('defines remotes, with passwords obscured and empty options left out', () => {
    const { RCLONE_CONFIG_REMOTE_PASS: pass, ...rest } = rcloneEnvironment({
      remotes: [sftp],
      parent: {},
      timeZone: null,
    });
    expect(rest).toEqual({
      RCLONE_CONFIG: '',
      RCLONE_CONFIG_REMOTE_TYPE: 'sftp',
      RCLONE_CONFIG_REMOTE_HOST: 'example.com',
      RCLONE_CONFIG_REMOTE_KNOWN_HOSTS_FILE: '/k',
    });
    expect(pass).toMatch(/^[\w-]{30,}$/);
  });

  test('a name that rclone would not find is a bug', () => {
    const remotes = [{ ...sftp, name: 'my-remote' }];
    expect(() => rcloneEnvironment({ remotes, parent: {}, timeZone: null })).toThrow('Internal error');
  });

  test('is all that rclone needs to reach a remote', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('from/a', 'a');
    const remote = { name: 'remote', type: 'local', options: {}, obscured: [] };
    const destination = `remote:${directory.at('to')}`;
    const { lines, exit } = await rclone({ source: directory.at('from'), destination }, null, [remote]);
    expect(exit).toMatchObject({ exitCode: 0, signal: null, spawnError: null, stdout: '' });
    expect(lines).toContainEqual({
      kind: 'change',
      change: expect.objectContaining({ action: 'copy', path: 'a' }),
      step: null,
    });
  });
});
