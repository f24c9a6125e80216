import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { providers } from '../../src/provider/registry.ts';
import { gibi, kibi, mebi } from '../../src/provider/size.ts';
import { rclone } from '../helper/real-rclone.ts';

interface Described {
  readonly Name: string;
  readonly Type: string;
  readonly IsPassword: boolean;
  readonly DefaultStr: string;
}

/** Our own, and what came after rclone 1.60, which ignores it. */
const unknownToRclone: Readonly<Record<string, readonly string[]>> = {
  local: ['root'],
  sftp: ['host_key', 'accept_unknown_host_key'],
  s3: ['sign_accept_encoding'],
};

const { PATH } = process.env;
const backends: readonly { readonly Name: string; readonly Options: readonly Described[] }[] = JSON.parse(
  execFileSync(rclone, ['config', 'providers'], { encoding: 'utf8', env: { PATH, RCLONE_CONFIG: '' } }),
);
const known = [...providers.values()].flatMap((provider) => {
  const backend = backends.find(({ Name }) => Name === provider.rcloneType);
  return backend === undefined ? [] : [{ provider, described: backend.Options }];
});

test('the installed rclone has nearly all of the providers', () => {
  // Debian leaves out one backend or another.
  expect(known.length).toBeGreaterThanOrEqual(providers.size - 1);
});

test("every option is one of rclone's, of the same type", () => {
  const types: Readonly<Record<string, string>> = { bool: 'boolean', int: 'integer' };
  for (const { provider, described } of known) {
    for (const [name, option] of Object.entries(provider.options)) {
      if (unknownToRclone[provider.name]?.includes(name) === true) continue;
      const found = described.find(({ Name }) => Name === name);
      const type = found === undefined ? 'none' : (types[found.Type] ?? 'string');
      expect({ provider: provider.name, name, type }).toMatchObject({
        type: option.type === 'path' ? 'string' : option.type,
      });
      expect({ name, obscured: option.obscured === true }).toEqual({ name, obscured: found?.IsPassword });
    }
  }
});

test('what is sent without being asked for is known to rclone too', () => {
  for (const { provider, described } of known) {
    const { option = null, cutoffOption = null } = provider.uploadChunk ?? {};
    const sent = [...Object.keys(provider.fixed), option, cutoffOption].filter((name) => name !== null);
    expect(described.map(({ Name }) => Name)).toEqual(expect.arrayContaining(sent));
  }
});

test("the chunk size that a task need not name is rclone's own", () => {
  const units: Readonly<Record<string, number>> = { Ki: kibi, Mi: mebi, Gi: gibi };
  for (const { provider, described } of known) {
    if (provider.uploadChunk === null) continue;
    const { option, defaultBytes } = provider.uploadChunk;
    const text = described.find(({ Name }) => Name === option)?.DefaultStr ?? '';
    expect({ name: provider.name, bytes: Number.parseInt(text, 10) * (units[text.slice(-2)] ?? 1) }).toEqual({
      ...{ name: provider.name, bytes: defaultBytes },
    });
  }
});
