import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import { noStats } from '../../src/model/run.ts';
import { type ScriptFacts, scriptEnvironment } from '../../src/run/script-environment.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';

const credential: CredentialSpec = {
  provider: 's3',
  options: {
    ...{ provider: 'Minio', endpoint: 'https://s3.example.org', env_auth: false, upload_concurrency: 4 },
    ...{ access_key_id: { fromEnv: 'S3_KEY' }, secret_access_key: { fromFile: '/run/secrets/canary-path' } },
  },
};

const task = resolvedTask('photos', {
  credential,
  spec: taskSpec({
    ...{ description: 'Family photos', direction: 'PUSH', transferMode: 'SYNC', paths: ['/data/a', '/data/b'] },
    ...{ remote: remoteLocation({ credential: 's3', bucket: 'family', folder: 'photos' }), fastList: true },
    ...{
      encryption: { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true },
      uploadChunkSizeBytes: 96 * 1024 ** 2,
    },
  }),
});

const facts: ScriptFacts = { task, runId: 'photos-1', trigger: 'manual', ending: null };

const parent = {
  ...{ PATH: '/bin', HOME: '/root', S3_KEY: 'canary', CRYPT: 'canary', AWS_SECRET_ACCESS_KEY: 'canary' },
  ...{ RCLONE_CONFIG_PASS: 'canary', CLOUD_SYNC_TOKEN: 'canary', BASH_ENV: '/canary', LD_PRELOAD: '/canary' },
};

describe('scriptEnvironment', () => {
  test('before rclone', () => {
    expect(scriptEnvironment(facts, parent)).toMatchInlineSnapshot(`
      {
        "CLOUD_SYNC_BUCKET": "family",
        "CLOUD_SYNC_CHUNK_SIZE": "96",
        "CLOUD_SYNC_CREDENTIAL": "s3",
        "CLOUD_SYNC_DESCRIPTION": "Family photos",
        "CLOUD_SYNC_DIRECTION": "PUSH",
        "CLOUD_SYNC_ENCRYPTION": "1",
        "CLOUD_SYNC_ENDPOINT": "https://s3.example.org",
        "CLOUD_SYNC_ENV_AUTH": "0",
        "CLOUD_SYNC_FAST_LIST": "1",
        "CLOUD_SYNC_FILENAME_ENCRYPTION": "1",
        "CLOUD_SYNC_FOLDER": "photos",
        "CLOUD_SYNC_ID": "photos",
        "CLOUD_SYNC_PATH": "/data/a
      /data/b",
        "CLOUD_SYNC_PROVIDER": "s3",
        "CLOUD_SYNC_RUN_ID": "photos-1",
        "CLOUD_SYNC_TRANSFER_MODE": "SYNC",
        "CLOUD_SYNC_TRIGGER": "manual",
        "CLOUD_SYNC_UPLOAD_CONCURRENCY": "4",
        "HOME": "/root",
        "PATH": "/bin",
      }
    `);
  });

  test('after it, with the outcome and the counts', () => {
    const ending = { outcome: 'Failed', exitCode: 1, stats: { ...noStats, bytes: 7 }, lastError: 'no way' } as const;
    const before = new Set(Object.keys(scriptEnvironment(facts, parent)));
    const after = Object.entries(scriptEnvironment({ ...facts, ending }, parent));
    expect(Object.fromEntries(after.filter(([name]) => !before.has(name)))).toMatchInlineSnapshot(`
      {
        "CLOUD_SYNC_BYTES": "7",
        "CLOUD_SYNC_CHECKS": "0",
        "CLOUD_SYNC_DELETES": "0",
        "CLOUD_SYNC_ERRORS": "0",
        "CLOUD_SYNC_EXIT_CODE": "1",
        "CLOUD_SYNC_LAST_ERROR": "no way",
        "CLOUD_SYNC_OUTCOME": "Failed",
        "CLOUD_SYNC_TRANSFERS": "0",
      }
    `);
  });

  test('what there is no value for is left out', () => {
    const bare = resolvedTask('photos', {
      credential: null,
      spec: taskSpec({ remote: remoteLocation({ credential: null, rcloneRemote: 'nas' }) }),
    });
    const ending = { outcome: 'Blocked', exitCode: null, stats: noStats, lastError: null } as const;
    const names = scriptEnvironment({ ...facts, task: bare, ending }, {});
    expect(names).toMatchObject({ CLOUD_SYNC_CREDENTIAL: 'nas', CLOUD_SYNC_ENCRYPTION: '0' });
    expect(Object.keys(names)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/BUCKET|CHUNK_SIZE|EXIT_CODE|LAST_ERROR|PROVIDER/)]),
    );
  });

  test('an option of a credential does not take the place of what belongs to the task', () => {
    const sly = resolvedTask('photos', {
      credential: credentialSpec({ options: { root: '/r', path: '/etc', id: 'x' } }),
    });
    expect(scriptEnvironment({ ...facts, task: sly }, {})).toMatchObject({
      ...{ CLOUD_SYNC_PATH: '/data/photos', CLOUD_SYNC_ID: 'photos' },
    });
  });

  test('nothing of the parent or of a reference gets in but what is meant to', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z_]{1,12}$/), fc.constant('canary')), (variables) => {
        const { PATH, HOME, USER, LOGNAME, SHELL, LANG, LC_ALL, TZ, TMPDIR, HOSTNAME, ...others } = variables;
        expect(JSON.stringify(scriptEnvironment(facts, others))).not.toContain('canary');
      }),
    );
  });

  test('a zero byte cannot end a variable early', () => {
    const named = resolvedTask('photos', { spec: taskSpec({ description: 'a\0b' }) });
    expect(scriptEnvironment({ ...facts, task: named }, {})).toMatchObject({ CLOUD_SYNC_DESCRIPTION: 'ab' });
  });
});
