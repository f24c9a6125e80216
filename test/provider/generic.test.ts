import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../src/model/provider.ts';
import { type BackendDescription, genericProvider, parseBackends } from '../../src/provider/generic.ts';
import { type BackendOption, genericOption } from '../../src/provider/generic-option.ts';
import { rclone } from '../helper/real-rclone.ts';

/** An option as rclone 1.60 prints it; later ones add `Sensitive` and leave out what is empty. */
function option(part: Partial<BackendOption> = {}): BackendOption {
  return {
    ...{ Name: 'option', Help: 'What it does.', Provider: '', DefaultStr: '', Hide: 0, Required: false },
    ...{ IsPassword: false, Exclusive: false, Type: 'string' },
    ...part,
  };
}

function backend(options: readonly BackendOption[], part: Partial<BackendDescription> = {}): BackendDescription {
  return { Name: 'example', Description: 'An Example', Options: options, ...part };
}

function parsed(json: string, confined = false): ReadonlyMap<string, Provider> {
  const backends = parseBackends(json, confined);
  if (!backends.ok) throw new Error(backends.error);
  return backends.value;
}

describe('an option', () => {
  test.each([
    ['string', 'string', 'text'],
    ['bool', 'boolean', true],
    ['int', 'integer', 0],
    ['SizeSuffix', 'string', 'text'],
    ['Duration', 'string', 'text'],
    ['CommaSepList', 'string', 'text'],
    ['Tristate', 'string', 'text'],
    ['Encoding', 'string', 'text'],
    ['float64', 'string', 'text'],
  ])('of type %s is one of type %s', (type, expected, example) => {
    expect(genericOption([option({ Type: type })])).toMatchObject({ type: expected, examples: [example] });
  });

  test.each([
    [{ Type: 'bool', DefaultStr: 'true' }, false],
    [{ Type: 'bool', DefaultStr: 'false' }, true],
    [{ Type: 'int', DefaultStr: '64' }, 64],
    [{ DefaultStr: '1m0s' }, '1m0s'],
    [{ DefaultStr: 'b', Examples: [{ Value: '' }, { Value: 'a' }] }, 'a'],
    [{ Examples: null }, 'text'],
  ])('%j shows what it may be: %j', (part, example) => {
    expect(genericOption([option(part)]).examples).toEqual([example]);
  });

  test.each(['10Mi', '5M', '64', '1.5GiB', '200b', 'off', '.5k'])('of a size takes %s', (size) => {
    expect(new RegExp(`^${genericOption([option({ Type: 'SizeSuffix' })]).pattern}$`).test(size)).toBe(true);
  });

  test.each(['10MB', '-1', '', ' 10M', 'on'])('of a size does not take %j', (size) => {
    expect(new RegExp(`^${genericOption([option({ Type: 'SizeSuffix' })]).pattern}$`).test(size)).toBe(false);
  });

  test.each([
    [{ IsPassword: true }, true, true],
    [{ Name: 'token' }, true, false],
    [{ Name: 'client_secret' }, true, false],
    [{ Name: 'secret_access_key' }, true, false],
    [{ Name: 'api_key' }, true, false],
    [{ Name: 'seed', Sensitive: true }, true, false],
    [{ Name: 'key_file' }, false, false],
    [{ Name: 'token_url' }, false, false],
    [{ Name: 'access_key_id', Sensitive: true }, false, false],
    [{ Name: 'user', Sensitive: true }, false, false],
    [{ Name: 'host', Sensitive: true }, false, false],
    [{ Name: 'host', Sensitive: false }, false, false],
    [{ Name: 'use_key', Type: 'bool' }, false, false],
    [{ Name: 'monkey' }, false, false],
  ])('%j: secret %j, obscured %j', (part, secret, obscured) => {
    const found = genericOption([option(part)]);
    expect(found).toMatchObject({ secret, obscured });
    expect(found.examples.length).toBe(secret ? 0 : 1);
  });

  test.each([
    [{ Exclusive: true, Examples: [{ Value: '' }, { Value: 'a' }, { Value: 'b' }] }, ['a', 'b']],
    [{ Exclusive: true }, undefined],
    [{ Exclusive: false, Examples: [{ Value: 'a' }] }, undefined],
    [{ Type: 'mtime|atime', DefaultStr: 'mtime' }, ['mtime', 'atime']],
    [{ Name: 'key', Exclusive: true, Examples: [{ Value: 'a' }] }, undefined],
  ])('%j allows %j', (part, values) => {
    expect(genericOption([option(part)]).values).toEqual(values);
  });

  test.each([
    ['What it does.\n\nMore of that.', 'What it does.'],
    ['What it\n  does', 'What it does.'],
    ['One of:\n\n- a', 'One of.'],
    ['Really?', 'Really?'],
    ['', 'What rclone calls option.'],
  ])('says what it does: %j', (help, description) => {
    expect(genericOption([option({ Help: help })]).description).toBe(description);
  });

  test.each([
    [[{ Required: true }], true],
    [[{ Required: true, Provider: 'other' }], false],
    [[{ Required: true }, { Required: false }], false],
    [[{}], false],
  ])('%j is required: %j', (described, required) => {
    expect(genericOption(described.map(option)).required).toBe(required);
  });

  test('without any description cannot be', () => {
    expect(() => genericOption([])).toThrow('Internal error');
  });
});

describe('a backend', () => {
  test('is a provider of its own name', () => {
    expect(genericProvider(backend([]))).toEqual({
      ...{ name: 'example', title: 'An Example', rcloneType: 'example', options: {} },
      description: 'An Example, as rclone describes it.',
      ...{ buckets: false, directions: ['PUSH', 'PULL'], fixed: {}, uploadChunk: null, fastList: true },
      place: expect.any(Function),
      ...{ token: null, notes: [] },
    });
  });

  test('lists each option once, with what all its services say', () => {
    const described = ['a', 'b'].map((value) =>
      option({ Name: 'region', Provider: value, Exclusive: true, Examples: [{ Value: value }, { Value: 'c' }] }),
    );
    const { region, ...others } = genericProvider(backend([...described, option({ Name: 'other' })])).options;
    expect(Object.keys(others)).toEqual(['other']);
    expect(region?.values).toEqual(['a', 'c', 'b']);
  });

  test.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ])('with an option hidden by %j has it: %j', (Hide, expected) => {
    expect(Object.hasOwn(genericProvider(backend([option({ Hide })])).options, 'option')).toBe(expected);
  });

  test('has a token when rclone can renew one', () => {
    const token = option({ Name: 'token' });
    expect(genericProvider(backend([token, option({ Name: 'token_url' })])).token).toBe('token');
    expect(genericProvider(backend([token])).token).toBeNull();
  });
});

test.each([
  ...['', '[]', '{}', 'null', '[null]', '[1]', '[{"Name":1}]', '[{"Name":"a","Description":"a"}]'],
  ...['[{"Name":"a","Description":"a","Options":[null]}]', '[{"Name":"a","Description":"a","Options":[{"Name":"b"}]}]'],
])('%j is not what rclone prints', (json) => {
  expect(parseBackends(json)).toEqual({ ok: false, error: expect.stringContaining('rclone config providers') });
});

describe('the installed rclone', () => {
  const { PATH } = process.env;
  const environment = { PATH, RCLONE_CONFIG: '' };
  const json = execFileSync(rclone, ['config', 'providers'], { encoding: 'utf8', env: environment });
  const backends = parsed(json);

  test('has backends that have no provider of their own here, and only these', () => {
    expect([...backends.keys()]).toEqual(expect.arrayContaining(['smb', 'koofr', 'seafile', 'alias', 'jottacloud']));
    for (const name of ['s3', 'local', 'sftp', 'drive', 'google photos']) expect(backends.has(name)).toBe(false);
    expect([...backends].every(([name, provider]) => provider.name === name && provider.rcloneType === name)).toBe(
      true,
    );
  });

  test('keeps its wrappers out where local paths are limited', () => {
    const confined = parsed(json, true);
    for (const name of ['alias', 'crypt', 'union', 'combine', 'chunker', 'hasher']) {
      expect({ name, known: backends.has(name), confined: confined.has(name) }).toEqual({
        ...{ name, known: true, confined: false },
      });
    }
    expect(confined.has('smb')).toBe(true);
  });

  test('describes each option in a sentence, with an example that its own limits take', () => {
    for (const [name, { options }] of backends) {
      for (const [key, { description, examples, secret, values, pattern }] of Object.entries(options)) {
        const [example] = examples;
        expect({ name, key, description }).toMatchObject({ description: expect.stringMatching(/^\S.*[.!?]$/) });
        expect({ name, key, shown: example !== undefined }).toEqual({ name, key, shown: secret !== true });
        const allowed = values?.includes(String(example)) ?? true;
        const fits = pattern === undefined || new RegExp(`^${pattern}$`).test(String(example));
        expect({ name, key, allowed, fits }).toEqual({ name, key, allowed: true, fits: true });
      }
    }
  });

  test('tells secrets from the rest', () => {
    const { pass, host, port } = backends.get('smb')?.options ?? {};
    expect(pass).toMatchObject({ secret: true, obscured: true });
    expect(host).toMatchObject({ secret: false, required: true });
    expect(port).toMatchObject({ type: 'integer', examples: [445] });
    const { password } = backends.get('koofr')?.options ?? {};
    expect(password).toMatchObject({ secret: true, obscured: true });
    expect(backends.get('zoho')?.token).toBe('token');
  });
});
