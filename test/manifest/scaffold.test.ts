import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import { type NewTask, newCredential, newTask, placeholderMark } from '../../src/manifest/scaffold.ts';
import type { ParsedManifest } from '../../src/model/desired.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Provider } from '../../src/model/provider.ts';
import { everything } from '../../src/model/selection.ts';
import { providers } from '../../src/provider/registry.ts';
import { context, parse as parseIn } from './manifest-builder.ts';

const world = { providers, checkChunkSize: () => null };
const parse = (text: string, path: string) => parseIn(text, path, world);

function problemsOf(...texts: readonly string[]): readonly Problem[] {
  const manifests: readonly ParsedManifest[] = texts.map((text, index) => parse(text, `${index}.yaml`));
  const snapshot = { revision: null, allowEmpty: false };
  return assembleDesired({ snapshot, manifests, active: new Map(), selection: everything, context: context(world) })
    .problems;
}

function taskOf(provider: Provider, part: Partial<NewTask> = {}): string {
  return newTask({
    ...{ name: 'photos', schema: null, credential: 'nas', provider, transferMode: 'COPY' as const },
    ...{ direction: provider.directions[0] ?? 'PUSH', path: null, bucket: null, folder: null, schedule: null },
    ...part,
  });
}

/** With every field that is only in a comment. */
function uncommented(text: string): string {
  return text.replace(/^( *)# (?=\w+: )/gm, '$1').replace(/^ *#.*\n/gm, '');
}

describe.each([...providers.values()])('$name', (provider) => {
  const credential = newCredential({ name: 'nas', provider, schema: '../schema/credential.schema.json' });

  test('has a new credential and a new task that are valid as they are', () => {
    expect(problemsOf(credential, taskOf(provider))).toEqual([]);
    const given = taskOf(provider, {
      path: '/data',
      schedule: '0 2 * * *',
      ...(provider.buckets ? { bucket: 'b' } : {}),
    });
    expect(problemsOf(credential, given)).toEqual([]);
    expect(given).not.toContain(placeholderMark);
  });

  test('has a new credential with every secret as a reference', () => {
    const { credential: parsed } = parse(credential, 'nas.yaml');
    const secrets = Object.entries(provider.options).filter(
      ([name, { secret }]) => secret === true && name in Object(parsed?.spec.options),
    );
    for (const [name] of secrets) {
      expect(parsed?.spec.options).toMatchObject({ [name]: { fromEnv: `NAS_${name.toUpperCase()}` } });
    }
    for (const [name, { required }] of Object.entries(provider.options)) {
      if (required === true) expect(parsed?.spec.options).toHaveProperty(name);
      else expect(credential).toContain(name);
    }
  });

  test('takes what the comments of a new task offer', () => {
    const errors = problemsOf(credential, uncommented(taskOf(provider))).filter(({ severity }) => severity === 'error');
    const backups = provider.setsAside === false ? ['CS035'] : [];
    expect(errors.map(({ code }) => code)).toEqual(provider.directions.includes('PUSH') ? backups : []);
  });
});

test('a new credential', () => {
  expect(newCredential({ name: 'nas', provider: found('b2'), schema: '../schema/credential.schema.json' })).toBe(
    `# yaml-language-server: $schema=../schema/credential.schema.json
# Backblaze B2. Buckets of Backblaze B2. Without hard_delete, SYNC and MOVE only hide files: old versions stay and are
# paid for until a lifecycle rule of the bucket removes them.
apiVersion: cloudsync/v1
kind: CloudCredential
metadata:
  name: nas
spec:
  provider: b2
  options:
    # Application key ID, or the account ID with its master key.
    account: 0012345678abcde0000000001 # replace
    # Application key.
    key: { fromEnv: NAS_KEY }
    # Further options: hard_delete, endpoint, download_url, disable_checksum
`,
  );
});

test('a new task', () => {
  expect(
    taskOf(found('b2'), { schema: '../schema/task.schema.json', schedule: '0 2 * * *' }),
  ).toBe(`# yaml-language-server: $schema=../schema/task.schema.json
apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata:
  name: photos
spec:
  # description: A few words on what it is for
  # PUSH sends path to the remote, PULL fetches the folder of the remote into path.
  direction: PUSH
  # COPY deletes nothing. SYNC deletes at the destination what the source does not have. MOVE deletes at the source
  # what was copied.
  transferMode: COPY
  path: /path/to/photos # replace
  remote:
    credential: nas
    bucket: photos # replace
    folder: photos
  schedule: "0 2 * * *"
  enabled: false # true when nothing is left to replace
  # exclude: ["*.tmp", "/cache/**"]
  # bandwidthLimit: ["08:00,512", "18:00,10M", "23:00,off"]
  # encryption: { password: { fromEnv: PHOTOS_CRYPT_PASSWORD } }
  # safety: { maxDelete: 10%, backupFolder: .trash }
  # timeout: 6h
`);
});

test('a task that is complete is enabled, one with a placeholder only when it has no schedule', () => {
  const local = found('local');
  const isEnabled = (part: Partial<NewTask>) => parse(taskOf(local, part), 'a.yaml').task?.spec.enabled;
  expect(isEnabled({ schedule: 'daily', path: '/data' })).toBe(true);
  expect(isEnabled({ schedule: 'daily' })).toBe(false);
  expect(isEnabled({})).toBe(true);
  expect(isEnabled({ path: '/data' })).toBe(true);
  const bucketed = taskOf(found('s3'), { schedule: 'daily', path: '/data' });
  expect(parse(bucketed, 'a.yaml').task?.spec.enabled).toBe(false);
});

test.each(['no', 'null', '123', '1e3', '0x1', 'on'])('the name %s stays text', (name) => {
  const credential = newCredential({ name, provider: found('b2'), schema: null });
  expect(problemsOf(credential, taskOf(found('b2'), { name, credential: name }))).toEqual([]);
});

test.each(['/a b/c: d # e', "/it's", '/"quoted"', '- x', '/null', '/a\u00e9'])('the path %j stays text', (path) => {
  const { task } = parse(taskOf(found('local'), { path, folder: path.replace('/', '') }), 'a.yaml');
  expect(task?.spec.remote.folder).toBe(path.replace('/', ''));
});

test('a line break in a value does not begin a new key', () => {
  const text = taskOf(found('local'), { path: '/a\nenabled: false' });
  expect(parse(text, 'a.yaml').problems.map(({ code }) => code)).toEqual(['CS016']);
});

test('a provider without options to write has an empty map', () => {
  const text = newCredential({ name: 'nas', provider: { ...found('local'), options: {} }, schema: null });
  expect(text).toContain('options: {}\n');
  expect(problemsOf(text).map(({ code }) => code)).toEqual(['CS042']);
});

function found(name: string): Provider {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(name);
  return provider;
}
