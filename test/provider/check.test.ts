import { describe, expect, test } from 'vitest';
import type { OptionValue } from '../../src/model/credential.ts';
import { transferModes } from '../../src/model/task.ts';
import { findProvider, providers } from '../../src/provider/registry.ts';

type Options = Readonly<Record<string, OptionValue>>;

const secret = { fromEnv: 'SECRET' };

/** `CS042 …` per issue, warnings marked. */
function issues(name: string, options: Options): readonly string[] {
  const found = findProvider(name)?.check?.(options) ?? [];
  return found.map(({ severity, code, message }) => `${code}${severity === 'warning' ? ' (warning)' : ''} ${message}`);
}

const ownClient =
  'CS042 (warning) provider drive has a token but no client_id; the client that rclone shares with everyone stops working in 2026';

const cases: readonly (readonly [provider: string, options: Options, expected: readonly string[]])[] = [
  ['box', { token: secret }, []],
  ['box', { box_config_file: '/box.json' }, []],
  ['box', {}, ['CS042 provider box needs one of the options token, box_config_file, access_token']],

  ['drive', { token: secret, client_id: 'a' }, []],
  ['drive', { service_account_file: '/key.json' }, []],
  ['drive', { token: secret }, [ownClient]],
  [
    'drive',
    {},
    ['CS042 provider drive needs one of the options token, service_account_credentials, service_account_file'],
  ],
  ['google-photos', { token: secret }, [ownClient.replace('drive', 'google-photos')]],
  ['google-photos', { token: secret, client_id: secret }, []],

  ['google-cloud-storage', { anonymous: true }, []],
  ['google-cloud-storage', { service_account_credentials: secret }, []],
  [
    'google-cloud-storage',
    { anonymous: false },
    [
      'CS042 provider google-cloud-storage needs one of the options service_account_credentials, service_account_file, token, anonymous',
    ],
  ],

  ['ftp', { tls: true }, []],
  ['ftp', { explicit_tls: true, tls: false }, []],
  ['ftp', { explicit_tls: true, tls: true }, ['CS044 options "tls" and "explicit_tls" exclude each other']],

  ['webdav', { user: 'u', pass: secret }, []],
  ['webdav', { bearer_token: secret }, []],
  ['webdav', {}, []],
  ['webdav', { bearer_token: secret, user: 'u' }, ['CS044 option "bearer_token" stands in place of "user" and "pass"']],

  ['s3', { access_key_id: secret, secret_access_key: secret }, []],
  ['s3', { env_auth: true }, []],
  ['s3', { access_key_id: secret }, ['CS042 options "access_key_id" and "secret_access_key" belong together']],
  ['s3', { secret_access_key: secret }, ['CS042 options "access_key_id" and "secret_access_key" belong together']],

  ['azureblob', { account: 'a', key: secret }, []],
  ['azureblob', { sas_url: secret }, []],
  ['azureblob', { use_emulator: true, endpoint: 'http://127.0.0.1:10000/devstoreaccount1' }, []],
  ['azureblob', { account: 'a', use_msi: true }, []],
  ['azureblob', { key: secret }, ['CS042 provider azureblob needs the option "account"']],
  [
    'azureblob',
    { account: 'a' },
    ['CS042 provider azureblob needs one of the options key, service_principal_file, use_msi, sas_url, use_emulator'],
  ],

  ['swift', { auth: 'https://a/v1.0', user: 'u', key: secret }, []],
  ['swift', { auth: { fromEnv: 'AUTH' }, user: 'u', key: secret }, []],
  ['swift', { auth: 'https://a/v2.0', user: 'u', key: secret, tenant: 't' }, []],
  ['swift', { auth: 'https://a/v3/', user: 'u', key: secret, tenant: 't', domain: 'Default' }, []],
  ['swift', { auth: 'https://a/v3', user_id: 'u', key: secret, tenant_id: 't' }, []],
  ['swift', { auth: 'https://a/v3', application_credential_secret: secret, application_credential_id: 'i' }, []],
  ['swift', { auth_token: secret, storage_url: 'https://s/v1/AUTH_a' }, []],
  ['swift', { auth_token: secret }, ['CS042 provider swift needs the option "storage_url" with auth_token']],
  [
    'swift',
    {},
    [
      'CS042 provider swift needs the option "auth"',
      'CS042 provider swift needs the option "key"',
      'CS042 provider swift needs the option "user"',
    ],
  ],
  [
    'swift',
    { application_credential_secret: secret },
    [
      'CS042 provider swift needs the option "auth" with application_credential_secret',
      'CS042 provider swift needs the option "application_credential_id" with application_credential_secret',
    ],
  ],
  [
    'swift',
    { auth: 'https://a/v2.0', user: 'u', key: secret },
    ['CS042 (warning) provider swift mostly needs a tenant for version 2'],
  ],
  [
    'swift',
    { auth: 'https://a/', auth_version: 3, user: 'u', key: secret, tenant: 't' },
    ['CS042 (warning) provider swift mostly needs a domain for version 3'],
  ],
  ['swift', { auth: 'https://a/', auth_version: 0, user: 'u', key: secret }, []],
];

test.each(cases)('%s with %j', (name, options, expected) => {
  expect(issues(name, options)).toEqual(expected);
});

test('every issue says what to write, and shows no value', () => {
  const shown = cases.flatMap(([name, options]) => findProvider(name)?.check?.(options) ?? []);
  expect(shown.length).toBeGreaterThan(10);
  for (const { message, hint } of shown) {
    expect(hint).not.toBe('');
    expect(message + hint).not.toContain('SECRET');
  }
});

/** What is refused of a task, shortened. */
function refusal(
  name: string,
  direction: 'PUSH' | 'PULL',
  transferMode: (typeof transferModes)[number],
  folder: string,
) {
  return findProvider(name)?.checkTask?.({ direction, transferMode, folder }) ?? null;
}

describe('a web server', () => {
  test('is read from and not changed', () => {
    expect(findProvider('http')?.directions).toEqual(['PULL']);
    expect(refusal('http', 'PULL', 'SYNC', 'pub')).toBeNull();
    expect(refusal('http', 'PULL', 'MOVE', 'pub')).toContain('cannot delete files');
  });
});

describe('Google Photos', () => {
  test.each(['album/Holidays', '/album/Holidays/', './album/2026/Spring'])('any mode uploads to %s', (folder) => {
    for (const mode of transferModes) expect(refusal('google-photos', 'PUSH', mode, folder)).toBeNull();
  });

  test.each(['', '/', 'album', '/album/', 'media/all', 'albums/a', 'shared-album/a', 'feature/favorites'])(
    'nothing uploads to %j',
    (folder) => {
      expect(refusal('google-photos', 'PUSH', 'COPY', folder)).toContain('only to a folder such as album/Holidays');
    },
  );

  test('upload is empty for each run, so nothing can be the same as it', () => {
    expect(refusal('google-photos', 'PUSH', 'COPY', 'upload')).toBeNull();
    expect(refusal('google-photos', 'PUSH', 'MOVE', 'upload/2026')).toBeNull();
    expect(refusal('google-photos', 'PUSH', 'SYNC', 'upload')).toContain('SYNC only to a folder such as');
  });

  test.each(['', '/', 'media', '/media/', 'media/by-day', './media/by-day/'])('%j is not read', (folder) => {
    expect(refusal('google-photos', 'PULL', 'COPY', folder)).toContain('only below a folder such as');
  });

  test.each(['media/all', 'media/by-year/2026', 'album/Holidays', 'media/by-day/2026-01-01'])(
    '%s is read',
    (folder) => {
      expect(refusal('google-photos', 'PULL', 'SYNC', folder)).toBeNull();
      expect(refusal('google-photos', 'PULL', 'MOVE', folder)).toContain('MOVE is not possible');
    },
  );
});

test('no other provider refuses a task', () => {
  const choosy = [...providers.values()].filter(({ checkTask }) => checkTask !== undefined).map(({ name }) => name);
  expect(choosy).toEqual(['google-photos', 'http']);
});

test('of all providers that are written to, one cannot set files aside', () => {
  const rigid = [...providers.values()].filter(({ setsAside }) => setsAside === false).map(({ name }) => name);
  expect(rigid).toEqual(['google-photos']);
});
