import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/parse-manifest.ts';
import { placeOf } from '../../src/manifest/written-places.ts';
import type { ParsedManifest } from '../../src/model/desired.ts';
import { taskSpec } from '../helper/build.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

describe('a valid task', () => {
  test('has every default filled in', () => {
    const { task, problems, kind, name, credential } = parse(taskText());
    expect(problems).toEqual([]);
    expect({ kind, name, credential }).toEqual({ kind: 'CloudSyncTask', name: 'photos', credential: null });
    expect(task).toEqual({ name: 'photos', labels: {}, annotations: {}, spec: taskSpec({ schedule: null }) });
  });

  test('knows where the keys are that other files can make wrong', () => {
    const { places } = parse(taskText());
    expect(placeOf(places, 'metadata.name')).toEqual({ line: 4, column: 9, text: '  name: photos' });
    expect(placeOf(places, 'spec.direction')).toEqual({ line: 6, column: 14, text: '  direction: PUSH' });
    expect(placeOf(places, 'spec.path')).toEqual({ line: 7, column: 9, text: '  path: /data/photos' });
    const remote = { line: 8, text: '  remote: { credential: here, folder: photos }' };
    expect(placeOf(places, 'spec.remote')).toEqual({ ...remote, column: 11 });
    expect(placeOf(places, 'spec.remote.credential')).toEqual({ ...remote, column: 25 });
    expect(placeOf(places, 'spec.fastList')).toEqual({ line: 1, column: 1, text: '' });
  });
});

test('a valid credential', () => {
  const { credential, problems, task } = parse(credentialText(['root: ../remote']), 'team/here.yaml');
  expect(problems).toEqual([]);
  expect(task).toBe(null);
  expect(credential).toEqual({
    name: 'here',
    labels: {},
    spec: { provider: 'local', options: { root: '/srv/tasks/remote' } },
  });
});

test.each([
  ['Unreadable', 'CS001'],
  ['TooLarge', 'CS002'],
  ['NotRegular', 'CS003'],
  ['OutsideRoot', 'CS003'],
] as const)('a file that is refused as %s', (reason, code) => {
  const parsed = parseManifest({ state: 'refused', path: 'a/b.yaml', reason, detail: 'the detail' }, context());
  expect(parsed).toMatchObject({ path: 'a/b.yaml', kind: null, name: null, task: null, credential: null, places: '' });
  expect(parsed.problems).toMatchObject([{ code, file: 'tasks.d/a/b.yaml', line: 1, column: 1, frame: null }]);
  expect(parsed.problems[0]?.message).toContain('the detail');
});

describe('what kind it is', () => {
  test.each([
    ['', 'CS005 the file holds no document'],
    ['# nothing\n', 'CS005 the file holds no document'],
    ['- a\n', 'CS013 a manifest must be a map; found a list'],
    ['text\n', 'CS013 a manifest must be a map; found a single value'],
    ['a: 1\n', 'CS011 the manifest needs the key "kind"'],
    ['kind: Task\n', 'CS010 kind must be CloudSyncTask or CloudCredential; found "Task"'],
    ['kind: 1\n', 'CS010 kind must be CloudSyncTask or CloudCredential; found the number 1'],
  ])('%j', (text, message) => {
    expect(messages(parse(text).problems)).toEqual([message]);
  });

  test('is suggested', () => {
    expect(parse('kind: CloudSyncTasks\n').problems[0]?.hint).toBe('did you mean CloudSyncTask?');
  });

  test('and its name are known of a broken file too, so that the last good version can stay in force', () => {
    expect(parse(taskText(['schedule: @daily']))).toMatchObject({ kind: 'CloudSyncTask', name: 'photos', task: null });
  });
});

test('all problems are reported at once, in the order of the file', () => {
  const text = taskText([
    ...['transferMode: sync', 'schedul: daily', 'timeout: 90', 'exclude: ["[a"]', 'bandwidthLimit: fast'],
    ...['safety: { backupFolder: ../trash }'],
  ]);
  expect(messages(parse(text).problems)).toEqual([
    'CS014 spec.transferMode must be SYNC or COPY or MOVE; found "sync"',
    'CS012 spec has no key "schedul"',
    'CS013 spec.timeout must be text; found the number 90',
    'CS026 the pattern opens a [ and does not close it',
    'CS024 "fast" is not a limit',
    'CS016 spec.safety.backupFolder must be a path below the destination\'s root, without a slash before it and without ..; found "../trash"',
  ]);
});

test('a warning leaves the task valid', () => {
  const { task, problems } = parse(taskText(['exclude: [photos]']));
  expect(task).not.toBe(null);
  expect(problems).toMatchObject([{ code: 'CS027', severity: 'warning' }]);
});

describe('more than twenty problems', () => {
  const patterns = (pattern: string) => Array.from({ length: 30 }, () => `    - "${pattern}"`);

  test('are counted', () => {
    const { problems } = parse(taskText(['exclude:', ...patterns('[a')]));
    expect(problems).toHaveLength(20);
    expect(problems[19]).toMatchObject({ severity: 'error', line: 29 });
    expect(problems[19]?.message).toBe('11 more problems in this file are not shown');
  });

  test('do not hide an error behind warnings', () => {
    expect(parse(taskText(['exclude:', ...patterns('photos'), '    - "[a"'])).task).toBe(null);
    expect(parse(taskText(['exclude:', ...patterns('photos')])).task).not.toBe(null);
  });
});

test('lines may end as on Windows', () => {
  const { problems } = parse(taskText(['enabled: yes', 'fastList: true']).replaceAll('\n', '\r\n'));
  expect(problems).toMatchObject([{ line: 9, column: 12 }]);
  expect(problems[0]?.frame).not.toContain('\r');
});

function expectSound(parsed: ParsedManifest): void {
  for (const { line, column, code, message } of parsed.problems) {
    expect({ line: line >= 1, column: column >= 1 }).toEqual({ line: true, column: true });
    expect(code).toMatch(/^CS\d{3}$/);
    expect(message).not.toMatch(/undefined|\[object/);
  }
  const valid = parsed.task !== null || parsed.credential !== null;
  expect(valid).toBe(!parsed.problems.some(({ severity }) => severity === 'error'));
}

describe('no text makes it throw', () => {
  test('anything', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => expectSound(parse(text))));
  });

  test('what looks like YAML', () => {
    const piece = fc.constantFrom(
      ...['a', 'kind: CloudSyncTask', 'spec', ':', ': ', '\n', '  ', '- ', '[', ']', '{', '}', '*', '&', '!', '|', '>'],
      ...['"', "'", '#', ',', '@', '%', '\t', '---', '...', '?', '<<', '\\', 'metadata:', 'name: x', '\r\n', '1', '~'],
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => expectSound(parse(pieces.join('')))));
  });

  test('any values under the right keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()), (metadata, spec) => {
        for (const kind of ['CloudSyncTask', 'CloudCredential']) {
          expectSound(parse(JSON.stringify({ apiVersion: 'cloudsync/v1', kind, metadata, spec })));
        }
      }),
    );
  });

  test('three hundred mutations of a valid manifest', () => {
    const text = taskText(['schedule: { cron: "0 2 * * *", jitter: 10m }', 'exclude: ["*.tmp"]', 'bandwidthLimit: 1M']);
    const mutation = fc.record({
      at: fc.nat(text.length),
      removed: fc.nat(8),
      inserted: fc.oneof(
        fc.constantFrom('\n', ' ', ':', '"', '{', '[', '- ', '*', '\t', '#'),
        fc.string({ maxLength: 4 }),
      ),
    });
    fc.assert(
      fc.property(mutation, ({ at, removed, inserted }) => {
        expectSound(parse(text.slice(0, at) + inserted + text.slice(at + removed)));
      }),
      { numRuns: 300 },
    );
  });
});

const fields = [
  ...['direction', 'transferMode', 'path', 'remote', 'schedule', 'exclude', 'include', 'bandwidthLimit', 'safety'],
  ...[
    'retry',
    'timeout',
    'history',
    'rcloneFlags',
    'encryption',
    'provider',
    'options',
    'uploadChunkSize',
    '__proto__',
  ],
];
