import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import { findProvider } from '../../src/provider/registry.ts';
import { endedEarly } from '../../src/run/ending.ts';
import { withNextStep } from '../../src/run/next-step.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';

const tools = {
  findProvider: async (name: string) => {
    const found = findProvider(name);
    return found === null ? ({ ok: false, error: 'no' } as const) : ({ ok: true, value: found } as const);
  },
};

async function stepOf(outcome: 'AuthExpired' | 'Failed', lastError: string, credential: CredentialSpec) {
  const task = resolvedTask('photos', { spec: taskSpec({ remote: remoteLocation() }), credential });
  const ending = await withNextStep(task, endedEarly(outcome, lastError), tools);
  return ending.lastError;
}

describe('what a person has to do', () => {
  test('is to authorise again only where there is something to authorise', async () => {
    expect(await stepOf('AuthExpired', 'no', credentialSpec({ provider: 'dropbox', options: {} }))).toBe(
      'no; authorise it again: cloudsync credential authorize here',
    );
    expect(await stepOf('AuthExpired', 'no', credentialSpec({ provider: 's3', options: {} }))).toBe(
      'no; replace the secret that credential here refers to',
    );
    expect(await stepOf('Failed', 'no', credentialSpec({ provider: 'dropbox', options: {} }))).toBe('no');
  });

  test.each([
    [{ host: 'nas' }, '`ssh-keyscan -p 22 -t rsa,ecdsa,ed25519 nas`', 'host_key of credential here'],
    [{ host: '[2001:db8::1]', port: 2222 }, '-p 2222 -t rsa,ecdsa,ed25519 2001:db8::1`', 'host_key'],
    [{ host: "nas;curl 'x'" }, "ed25519 'nas;curl '\\''x'\\'''`", 'host_key'],
    [{ host: { fromEnv: 'HOST' }, known_hosts_file: '/etc/known' }, 'ed25519 HOST`', 'put them into /etc/known'],
  ])('is to list all host keys of an SSH server: %j', async (options, command, place) => {
    const refused = 'the host key that the SSH server showed is none (knownhosts: key mismatch)';
    const step = await stepOf('Failed', refused, credentialSpec({ provider: 'sftp', options }));
    expect(step).toContain(command);
    expect(step).toContain(place);
    expect(await stepOf('Failed', refused, credentialSpec({ provider: 'webdav', options }))).toBe(refused);
  });
});
