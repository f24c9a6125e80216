import { describe, expect, test } from 'vitest';
import { credentialText, messages, parse } from './manifest-builder.ts';

function s3(...lines: readonly string[]) {
  const keys = ['access_key_id: AKIA', 'secret_access_key: { fromEnv: KEY }'];
  const kept = keys.filter((line) => !lines.some((other) => other.startsWith(line.slice(0, line.indexOf(':') + 1))));
  return parse(credentialText([...kept, ...lines], 'here', 's3'), 'team/here.yaml');
}

test('options keep their types, and paths become absolute', () => {
  const { credential, problems } = s3(
    ...['storage_class: GLACIER', 'max_upload_parts: 1000', 'env_auth: true', 'endpoint: "https://e"'],
    ...['shared_credentials_file: ./s3', 'list_chunk: -5'],
  );
  expect(problems).toEqual([]);
  expect(credential?.spec.options).toEqual({
    access_key_id: 'AKIA',
    secret_access_key: { fromEnv: 'KEY' },
    storage_class: 'GLACIER',
    max_upload_parts: 1000,
    env_auth: true,
    endpoint: 'https://e',
    shared_credentials_file: '/srv/tasks/team/s3',
    list_chunk: -5,
  });
});

test('any option may be a reference, and files start from the manifest', () => {
  const { credential } = s3('access_key_id: { fromFile: id }', 'env_auth: { fromEnv: AUTH }');
  expect(credential?.spec.options).toMatchObject({
    access_key_id: { fromFile: '/srv/tasks/team/id' },
    env_auth: { fromEnv: 'AUTH' },
  });
});

test('labels are kept', () => {
  const text = credentialText(['root: /r']).replace('name: here', 'name: here\n  labels: { team: media }');
  expect(parse(text).credential?.labels).toEqual({ team: 'media' });
});

describe('options', () => {
  test.each([
    ['storage_class: COLD', 'CS044 option "storage_class" must be one of STANDARD, GLACIER'],
    [
      'max_upload_parts: 0',
      'CS044 option "max_upload_parts" must be a whole number of at least 1 and of at most 10000',
    ],
    [
      'max_upload_parts: 1.5',
      'CS044 option "max_upload_parts" must be a whole number of at least 1 and of at most 10000',
    ],
    ['list_chunk: many', 'CS044 option "list_chunk" must be a whole number'],
    ['retention_days: 0', 'CS044 option "retention_days" must be a whole number of at least 1'],
    ['shrink: 10', 'CS044 option "shrink" must be a whole number of at most 9'],
    ['env_auth: yes', 'CS044 option "env_auth" must be true or false'],
    ['endpoint: ftp://e', 'CS044 option "endpoint" must be in the right format'],
    ['access_key_id: 12', 'CS044 option "access_key_id" must be text; put it in double quotes'],
    ['access_key_id: []', 'CS044 option "access_key_id" must be text; put it in double quotes'],
    ['access_key_id:', 'CS044 option "access_key_id" must be text; put it in double quotes'],
    [`access_key_id: ${'x'.repeat(4097)}`, 'CS044 option "access_key_id" must be at most 4096 characters long'],
    ['shared_credentials_file: ""', 'CS044 option "shared_credentials_file" must be a path'],
    [
      'secret_access_key: x',
      'CS043 option "secret_access_key" is a secret and must be a reference, not the secret itself',
    ],
    [
      'secret_access_key: {}',
      'CS044 option "secret_access_key" must hold exactly one of fromEnv, fromFile, fromCommand, age',
    ],
    ['strage_class: COLD', 'CS041 provider s3 has no option "strage_class"'],
    ['constructor: COLD', 'CS041 provider s3 has no option "constructor"'],
  ])('%s', (line, message) => {
    expect(messages(s3(line).problems)).toEqual([message]);
  });

  test('suggest what was meant', () => {
    expect(s3('strage_class: COLD').problems[0]?.hint).toBe('did you mean "storage_class"?');
    expect(s3('colour: red').problems[0]?.hint).toMatch(/^the options are access_key_id, /);
  });

  test('that are required', () => {
    const { problems } = parse(credentialText([], 'here', 's3'));
    expect(messages(problems)).toEqual([
      'CS042 provider s3 needs the option "access_key_id"',
      'CS042 provider s3 needs the option "secret_access_key"',
    ]);
    expect(problems.map(({ hint }) => hint)).toEqual([
      'for example access_key_id: "text"',
      'for example secret_access_key: { fromEnv: NAME }',
    ]);
  });

  test('the root of a local directory is held to the path roots', () => {
    const roots = { pathRoots: ['/mnt/', '/srv'] };
    expect(messages(parse(credentialText(['root: /etc']), 'here.yaml', roots).problems)).toEqual([
      'CS028 /etc is not inside /mnt/ or /srv',
    ]);
    expect(parse(credentialText(['root: /mnt/a']), 'here.yaml', roots).problems).toEqual([]);
    expect(parse(credentialText(['root: { fromEnv: ROOT }']), 'here.yaml', roots).problems).toEqual([]);
  });
});

describe('providers', () => {
  test.each([
    ['hubic', 'CS040 the service hubic has been shut down, and rclone no longer knows it'],
    ['nfs-share', 'CS040 there is no provider "nfs-share"'],
    ['locl', 'CS040 there is no provider "locl"'],
  ])('%s', (name, message) => {
    expect(messages(parse(credentialText([], 'here', name)).problems)).toEqual([message]);
  });

  test('are suggested', () => {
    expect(parse(credentialText([], 'here', 'locl')).problems[0]?.hint).toBe('did you mean local?');
    expect(parse(credentialText([], 'here', 'nfs-share')).problems[0]?.hint).toContain('the providers are local, ');
  });
});

test('the shape around the options is checked too', () => {
  const text = 'apiVersion: cloudsync/v1\nkind: CloudCredential\nmetadata: { name: Here }\nspec: { option: {} }\n';
  expect(messages(parse(text).problems)).toEqual([
    'CS016 metadata.name has the wrong format; found "Here"',
    'CS011 spec needs the key "provider"',
    'CS012 spec has no key "option"',
  ]);
});
