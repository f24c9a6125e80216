import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import type { ActiveTask } from '../../src/model/active.ts';
import type { Desired, ParsedManifest } from '../../src/model/desired.ts';
import { everything } from '../../src/model/selection.ts';
import { specHash } from '../../src/model/spec-hash.ts';
import { activeTask, remoteLocation, taskSpec } from '../helper/build.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

const here = credentialText(['root: /remote']);

function assemble(files: Readonly<Record<string, string>>, owners: Readonly<Record<string, string>> = {}): Desired {
  return assembleDesired({
    snapshot: { revision: 'abc', allowEmpty: true },
    manifests: Object.entries(files).map(([path, text]) => parse(text, path)),
    active: new Map(Object.entries(owners).map(([name, path]) => [name, activeTask(name, { path })])),
    selection: everything,
    context: context(),
  });
}

function placed(desired: Desired): readonly string[] {
  return desired.problems.map(
    ({ file, line, column, code, severity }) => `${file}:${line}:${column} ${code} ${severity}`,
  );
}

test('a task is joined with its credential', () => {
  const desired = assemble({ 'photos.yaml': taskText(), 'here.yaml': here });
  expect(desired).toMatchObject({ revision: 'abc', allowEmpty: true, files: 2, problems: [] });
  expect(desired.invalid.size).toBe(0);
  const task = desired.tasks.get('photos');
  const credential = { provider: 'local', options: { root: '/remote' } };
  expect(task).toMatchObject({ name: 'photos', path: 'photos.yaml', labels: {}, credential });
  expect(task?.specHash).toBe(task && specHash(task.spec, credential));
  expect(desired.credentials.get('here')).toMatchObject({ path: 'here.yaml', credential: { name: 'here' } });
});

test('a task may name a section of rclone.conf in place of a credential', () => {
  const manifests = ['a', 'b'].map((name): ParsedManifest => {
    const remote = remoteLocation({ credential: null, rcloneRemote: 'gdrive' });
    const task = { name, labels: {}, annotations: {}, spec: taskSpec({ remote, transferMode: 'SYNC' }) };
    return { ...parse(taskText([], name), `${name}.yaml`), task };
  });
  const desired = assembleDesired({
    snapshot: { revision: null, allowEmpty: false },
    ...{ manifests: manifests.slice(0, 1), active: new Map(), selection: everything, context: context() },
  });
  expect(desired.tasks.get('a')).toMatchObject({ credential: null, specHash: expect.stringMatching(/^sha256:/) });
  const both = { snapshot: desired, manifests, active: new Map(), selection: everything, context: context() };
  expect(assembleDesired(both).problems).toMatchObject([{ code: 'CS034' }, { code: 'CS034' }]);
});

test('what has not changed is the same value again, and what has is not', () => {
  const [task, credential] = [parse(taskText(), 'a.yaml'), parse(here, 'here.yaml')];
  const snapshot = { revision: null, allowEmpty: false };
  const taskOf = (...manifests: readonly ParsedManifest[]) =>
    assembleDesired({ snapshot, manifests, active: new Map(), selection: everything, context: context() }).tasks.get(
      'photos',
    );
  const first = taskOf(task, credential);
  expect(taskOf(task, credential)).toBe(first);
  const changed = taskOf(task, parse(credentialText(['root: /other']), 'here.yaml'));
  expect(changed?.specHash).not.toBe(first?.specHash);
  expect(taskOf({ ...task, path: 'b.yaml' }, credential)).toMatchObject({ path: 'b.yaml', specHash: first?.specHash });
});

test.each([
  ['the same credential', { root: '/remote' }, true],
  ['another credential', { root: '/other' }, false],
] as const)('a spec that is active has its hash from there, with %s', (_, options, isTaken) => {
  const manifest = parse(taskText(), 'photos.yaml');
  const spec = manifest.task?.spec ?? taskSpec();
  const applied = { ...activeTask('photos', { spec, credential: { provider: 'local', options } }), specHash: 'known' };
  const desired = assembleDesired({
    snapshot: { revision: null, allowEmpty: false },
    manifests: [manifest, parse(here, 'here.yaml')],
    active: new Map([['photos', applied]]),
    ...{ selection: everything, context: context() },
  });
  expect(desired.tasks.get('photos')?.specHash === 'known').toBe(isTaken);
});

test('a spec that is active without a credential has its hash from there', () => {
  const remote = remoteLocation({ credential: null, rcloneRemote: 'gdrive' });
  const spec = taskSpec({ remote });
  const hashOf = (credential: ActiveTask['credential']) =>
    assembleDesired({
      snapshot: { revision: null, allowEmpty: false },
      manifests: [{ ...parse(taskText()), task: { name: 'photos', labels: {}, annotations: {}, spec } }],
      active: new Map([['photos', { ...activeTask('photos', { spec, credential }), specHash: 'known' }]]),
      ...{ selection: everything, context: context() },
    }).tasks.get('photos')?.specHash;
  expect(hashOf(null)).toBe('known');
  expect(hashOf({ provider: 'local', options: {} })).toBe(specHash(spec, null));
});

test('a credential of a provider that is not known any more allows what it did', () => {
  const manifests = [parse(taskText(), 'a.yaml'), parse(here, 'here.yaml')];
  const snapshot = { revision: null, allowEmpty: false };
  const desired = assembleDesired({
    snapshot,
    manifests,
    active: new Map(),
    selection: everything,
    context: context({ providers: new Map() }),
  });
  expect(desired.tasks.size).toBe(1);
});

test('tasks are sorted by name, problems by file and place', () => {
  const desired = assemble({
    'c.yaml': taskText(['remote: { credential: here, folder: c }'], 'c'),
    'z.yaml': taskText(['exclude: [photos]', 'include: [music]', 'remote: { credential: here, folder: z }'], 'a'),
    'y.yaml': taskText(['exclude: [photos, music]'], 'b'),
    'here.yaml': here,
  });
  expect([...desired.tasks.keys()]).toEqual(['a', 'b', 'c']);
  expect(placed(desired)).toEqual([
    'tasks.d/y.yaml:9:13 CS027 warning',
    'tasks.d/y.yaml:9:21 CS027 warning',
    'tasks.d/z.yaml:8:13 CS027 warning',
    'tasks.d/z.yaml:9:13 CS027 warning',
  ]);
});

test('one bad file does not stop the others', () => {
  const desired = assemble({
    'bad.yaml': taskText(['enabled: x'], 'bad'),
    'photos.yaml': taskText(),
    'here.yaml': here,
  });
  expect([...desired.tasks.keys()]).toEqual(['photos']);
  expect([...desired.invalid.values()]).toMatchObject([
    { path: 'bad.yaml', kind: 'CloudSyncTask', name: 'bad', problems: [{ code: 'CS013' }] },
  ]);
});

describe('credentials', () => {
  test('that do not exist', () => {
    const nameless = here.replace('name: here', 'nam: here');
    const files = { 'photos.yaml': taskText(['remote: { credential: her }']), 'here.yaml': here, 'x.yaml': nameless };
    const desired = assemble(files);
    expect(desired.tasks.size).toBe(0);
    expect(desired.invalid.get('photos.yaml')?.problems).toEqual([
      {
        ...{ code: 'CS031', severity: 'error', file: 'tasks.d/photos.yaml', line: 8, column: 25 },
        message: 'there is no credential "her"',
        hint: 'did you mean "here"?',
        frame: '> 8 |   remote: { credential: her }\n    |                         ^',
      },
    ]);
    expect(assemble({ 'photos.yaml': taskText() }).problems[0]?.hint).toContain('add a CloudCredential');
  });

  test('that are not valid', () => {
    const desired = assemble({ 'photos.yaml': taskText(), 'here.yaml': credentialText([]) });
    expect(messages(desired.invalid.get('photos.yaml')?.problems ?? [])).toEqual([
      'CS032 the credential "here" in tasks.d/here.yaml:4 is not valid',
    ]);
  });

  test('that two files declare', () => {
    const desired = assemble({ 'photos.yaml': taskText(), 'a.yaml': here, 'b.yaml': here });
    expect(desired.credentials.size).toBe(0);
    expect(placed(desired)).toEqual([
      'tasks.d/a.yaml:4:9 CS030 error',
      'tasks.d/b.yaml:4:9 CS030 error',
      'tasks.d/photos.yaml:8:25 CS032 error',
    ]);
  });
});

describe('names', () => {
  const elsewhere = taskText(['remote: { credential: here, folder: elsewhere }']);

  test('that two files use are an error in both', () => {
    const desired = assemble({ 'a.yaml': taskText(), 'b.yaml': elsewhere, 'here.yaml': here });
    expect(desired.tasks.size).toBe(0);
    expect(messages(desired.problems)).toEqual([
      'CS030 the name "photos" is also used in tasks.d/b.yaml:4',
      'CS030 the name "photos" is also used in tasks.d/a.yaml:4',
    ]);
  });

  test('stay with the file that had them', () => {
    const desired = assemble({ 'a.yaml': taskText(), 'b.yaml': elsewhere, 'here.yaml': here }, { photos: 'b.yaml' });
    expect(desired.tasks.get('photos')?.path).toBe('b.yaml');
    expect([...desired.invalid.keys()]).toEqual(['a.yaml']);
    expect(placed(desired)).toEqual(['tasks.d/a.yaml:4:9 CS030 error', 'tasks.d/b.yaml:4:9 CS030 warning']);
  });

  test('may be the same for a task and a credential', () => {
    expect(assemble({ 'a.yaml': taskText([], 'here'), 'here.yaml': here }).problems).toEqual([]);
  });

  test('are listed only in part where there are many', () => {
    const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.yaml`, taskText()]));
    expect(assemble(files).problems[0]?.message).toBe(
      'the name "photos" is also used in tasks.d/b.yaml:4, tasks.d/c.yaml:4, tasks.d/d.yaml:4 and 2 more',
    );
  });
});

test('two manifests that would share a status file are both refused', () => {
  const desired = assemble({ 'x/a.yaml': taskText(), 'x/a.yml': taskText([], 'other'), 'a.yml': here });
  expect(messages([...desired.invalid.values()].flatMap(({ problems }) => problems))).toEqual([
    'CS033 tasks.d/x/a.yml would write the same status file',
    'CS033 tasks.d/x/a.yaml would write the same status file',
  ]);
  expect(desired.problems[0]).toMatchObject({ line: 4, column: 9, frame: expect.stringContaining('name: photos') });
  const broken = assemble({ 'a.yaml': '', 'a.yml': '' });
  expect(broken.problems.filter(({ code }) => code === 'CS033')).toMatchObject([
    { line: 1, column: 1, frame: null },
    { line: 1, column: 1, frame: null },
  ]);
});

describe('what a provider allows', () => {
  const bucketed = credentialText(['access_key_id: A', 'secret_access_key: { fromEnv: K }'], 's3', 's3');
  const readOnly = credentialText(['url: "https://e"'], 'web', 'http');

  test.each([
    ['remote: { credential: s3 }', ['CS011 provider s3 keeps files in buckets, so spec.remote needs the key "bucket"']],
    ['remote: { credential: s3, bucket: b }', []],
    ['remote: { credential: here, bucket: b }', ['CS035 provider local has no buckets']],
    ['remote: { credential: web, folder: a }', ['CS035 provider http allows PULL only; found PUSH']],
    [
      'remote: { credential: web, bucket: b }',
      ['CS035 provider http allows PULL only; found PUSH', 'CS035 provider http has no buckets'],
    ],
  ])('%s', (line, expected) => {
    const files = { 'a.yaml': taskText([line]), 's3.yaml': bucketed, 'web.yaml': readOnly, 'here.yaml': here };
    expect(messages(assemble(files).problems)).toEqual(expected);
  });
});

describe('what a host selects', () => {
  const labelled = (name: string, labels: string, lines: readonly string[] = []) =>
    taskText(lines, name).replace(`name: ${name}\n`, `name: ${name}\n  labels: ${labels}\n`);

  function select(files: Readonly<Record<string, string>>): Desired {
    return assembleDesired({
      snapshot: { revision: null, allowEmpty: false },
      manifests: Object.entries(files).map(([path, text]) => parse(text, path)),
      ...{ active: new Map(), context: context() },
      selection: { names: [], labels: [{ kind: 'in', label: 'host', values: ['nas'] }] },
    });
  }

  test('its own tasks, with their problems; of the others only the names', () => {
    const desired = select({
      'a.yaml': labelled('a', '{ host: nas }', ['remote: { credential: here, folder: a }']),
      'b.yaml': labelled('b', '{ host: other }', ['remote: { credential: here, folder: b }']),
      'c.yaml': labelled('c', '{ host: other }', ['timeout: soon']),
      'here.yaml': here,
    });
    expect([...desired.tasks.keys()]).toEqual(['a']);
    expect(desired.unselected).toEqual(
      new Map([
        ['b.yaml', 'b'],
        ['c.yaml', 'c'],
      ]),
    );
    expect(desired).toMatchObject({ problems: [], files: 4 });
    expect(desired.invalid.size).toBe(0);
    expect([...desired.credentials.keys()]).toEqual(['here']);
  });

  test('a manifest whose labels or name cannot be read may be its own', () => {
    const desired = select({
      'no-yaml.yaml': 'a: [',
      'no-map.yaml': taskText().replace('metadata:\n  name: photos\n', 'metadata: none\n'),
      'no-labels.yaml': labelled('d', '{ host: [nas] }'),
      'no-name.yaml': labelled('e', '{ host: other }').replace('  name: e\n', ''),
      'here.yaml': here,
    });
    expect([...desired.invalid.keys()].sort()).toEqual([
      'no-labels.yaml',
      'no-map.yaml',
      'no-name.yaml',
      'no-yaml.yaml',
    ]);
    expect(desired.unselected.size).toBe(0);
  });

  test('a name that another host uses is used', () => {
    const desired = select({
      'a.yaml': labelled('a', '{ host: nas }'),
      'b.yaml': labelled('a', '{ host: other }'),
      'here.yaml': here,
    });
    expect(placed(desired)).toEqual(['tasks.d/a.yaml:4:9 CS030 error']);
  });
});
