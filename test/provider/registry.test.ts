import { describe, expect, test } from 'vitest';
import type { Provider } from '../../src/model/provider.ts';
import { findProvider, providers } from '../../src/provider/registry.ts';

const all = [...providers.values()];

describe('the registry', () => {
  test('lists providers by name, sorted', () => {
    expect([...providers.keys()]).toEqual([
      ...['azureblob', 'b2', 'box', 'drive', 'dropbox', 'ftp', 'google-cloud-storage', 'google-photos', 'http'],
      ...['local', 'mega', 'onedrive', 'pcloud', 's3', 'sftp', 'storj-ix', 'swift', 'webdav', 'yandex'],
    ]);
    expect([...providers].every(([name, provider]) => provider.name === name)).toBe(true);
  });

  test('finds one by name', () => {
    expect(findProvider('s3')?.title).toBe('Amazon S3');
    expect(findProvider('hubic')).toBeNull();
  });
});

describe.each(all.map((provider) => [provider.name, provider] as const))('%s', (_name, provider) => {
  const options = Object.entries(provider.options);

  test('describes itself and each option in sentences', () => {
    expect(provider.description).toMatch(/^[A-Z].*\.$/);
    const wrong = options.filter(([, option]) => !/^\S.*[.]$/.test(option.description));
    expect(wrong.map(([name]) => name)).toEqual([]);
    expect(provider.notes.filter((note) => !/^[A-Z].*[.]$/.test(note))).toEqual([]);
  });

  test('keeps a token as a secret', () => {
    const token = provider.token === null ? undefined : provider.options[provider.token];
    expect(token?.secret).toBe(provider.token === null ? undefined : true);
    expect(Object.hasOwn(provider.options, 'token')).toBe(provider.token === 'token');
  });

  test('fixes no option that a credential may set', () => {
    expect(Object.keys(provider.fixed).filter((name) => Object.hasOwn(provider.options, name))).toEqual([]);
    expect(provider.options).not.toHaveProperty(provider.uploadChunk?.option ?? 'chunk_size');
  });

  test('never shows an example of a secret, and shows one of everything else', () => {
    const wrong = options.filter(([, option]) => (option.secret === true) !== (option.examples.length === 0));
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  test('only obscures what is a secret', () => {
    const wrong = options.filter(([, option]) => option.obscured === true && option.secret !== true);
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  test('begins a new credential with options that it has', () => {
    expect(Object.keys(provider.options)).toEqual(expect.arrayContaining([...(provider.usual ?? [])]));
  });

  test('gives examples that its own limits accept', () => {
    const wrong = options.flatMap(([name, option]) =>
      option.examples.filter((example) => !accepts(option, example)).map((example) => `${name}: ${example}`),
    );
    expect(wrong).toEqual([]);
  });
});

const addresses = all.flatMap(({ name, options }) =>
  Object.entries(options)
    .filter(([option, { secret }]) => /url$|^auth$|^endpoint$/.test(option) && secret !== true)
    .map(([option]) => [name, option] as const),
);

test('an address with a user name and a password is refused, for it would be a secret in Git', () => {
  for (const [provider, option] of addresses) {
    const pattern = new RegExp(patternOf(provider, option));
    expect({ provider, option, accepted: pattern.test('https://alice:swordfish@example.com/') }).toMatchObject({
      accepted: false,
    });
    expect({ provider, option, accepted: pattern.test('https://example.com:8080/') }).toMatchObject({ accepted: true });
  }
  const url = patternOf('webdav', 'url');
  const endpoint = patternOf('s3', 'endpoint');
  expect(new RegExp(url).test('https://alice:swordfish@cloud.example.com/dav')).toBe(false);
  expect(new RegExp(endpoint).test('https://alice:swordfish@s3.example.com')).toBe(false);
  expect(new RegExp(url).test('https://cloud.example.com/dav/alice@example.com')).toBe(true);
  expect(new RegExp(endpoint).test('minio.example.com:9000')).toBe(true);
});

function patternOf(provider: string, option: string): string {
  return findProvider(provider)?.options[option]?.pattern ?? '';
}

function accepts(option: Provider['options'][string], example: string | number | boolean): boolean {
  if (option.type === 'boolean') return typeof example === 'boolean';
  if (option.type === 'integer') {
    return Number(example) >= (option.minimum ?? -Infinity) && Number(example) <= (option.maximum ?? Infinity);
  }
  const text = String(example);
  if (option.values !== undefined && !option.values.includes(text)) return false;
  return option.pattern === undefined || new RegExp(option.pattern).test(text);
}
