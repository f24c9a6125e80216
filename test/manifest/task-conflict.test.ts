import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import type { ManifestContext } from '../../src/manifest/context.ts';
import type { Problem } from '../../src/model/problem.ts';
import { everything } from '../../src/model/selection.ts';
import { placeByName } from '../../src/place/named-place.ts';
import { activeTask } from '../helper/build.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

interface Written {
  readonly direction?: 'PUSH' | 'PULL';
  readonly mode?: 'SYNC' | 'COPY' | 'MOVE';
  readonly path?: string;
  readonly folder?: string;
  readonly credential?: string;
  readonly bucket?: string;
  readonly enabled?: boolean;
}

const credentials = [
  credentialText(['root: /remote'], 'here'),
  credentialText(['host: nas.example.org'], 'nas', 'sftp'),
  credentialText(['host: nas.example.org'], 'same-nas', 'sftp'),
  credentialText(['host: other.example.org'], 'other-nas', 'sftp'),
  credentialText(['access_key_id: A', 'secret_access_key: { fromEnv: K }'], 's3', 's3'),
  credentialText(['root: { fromEnv: ROOT }'], 'unknown-root'),
];

/** Tasks a, b, c in this order. */
function problemsOf(
  tasks: readonly Written[],
  owners: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
  part: Partial<ManifestContext> = {},
): readonly Problem[] {
  const texts = tasks.map((task, index) => {
    const { direction = 'PUSH', mode = 'COPY', path = `/data/${index}`, folder = '', credential = 'here' } = task;
    const bucket = task.bucket === undefined ? '' : `, bucket: ${task.bucket}`;
    const name = 'abc'[index] ?? `t${index}`;
    const lines = [
      `direction: ${direction}`,
      `transferMode: ${mode}`,
      `path: ${path}`,
      `enabled: ${task.enabled ?? true}`,
    ];
    return parse(
      taskText([...lines, `remote: { credential: ${credential}, folder: "${folder}"${bucket} }`], name),
      `${name}.yaml`,
    );
  });
  const manifests = [
    ...texts,
    ...[...credentials, ...more].map((text, index) => parse(text, `credential-${index}.yaml`)),
  ];
  const desired = assembleDesired({
    ...{ snapshot: { revision: null, allowEmpty: false }, manifests, context: context(part) },
    active: new Map(Object.entries(owners).map(([name, path]) => [name, activeTask(name, { path })])),
    selection: everything,
  });
  return desired.problems;
}

function conflicts(...tasks: readonly Written[]): number {
  const problems = problemsOf(tasks);
  expect(problems.filter(({ code }) => code !== 'CS034')).toEqual([]);
  return problems.length;
}

describe('two tasks that write to overlapping places', () => {
  test('say so in both files', () => {
    const problems = problemsOf([{ mode: 'SYNC', folder: 'a' }, { folder: 'a/b' }]);
    expect(messages(problems)).toEqual([
      'CS034 this task and "b" (tasks.d/b.yaml:10) write to overlapping places, and "a" is a SYNC',
      'CS034 this task and "a" (tasks.d/a.yaml:10) write to overlapping places, and "a" is a SYNC',
    ]);
    expect(problems[0]).toMatchObject({ file: 'tasks.d/a.yaml', line: 10, column: 11 });
  });

  test.each<[string, Written, Written, boolean]>([
    ['two copies', { folder: 'a' }, { folder: 'a' }, false],
    ['a sync and a copy', { mode: 'SYNC', folder: 'a' }, { folder: 'a' }, true],
    ['a move below a copy', { folder: 'a' }, { mode: 'MOVE', folder: 'a/b' }, true],
    ['names that only begin alike', { mode: 'SYNC', folder: 'a' }, { mode: 'SYNC', folder: 'ab' }, false],
    ['dots and double slashes', { mode: 'SYNC', folder: 'a' }, { folder: './/a/' }, true],
    ['two accounts at one host', { mode: 'SYNC', credential: 'nas' }, { credential: 'same-nas' }, true],
    ['two hosts', { mode: 'SYNC', credential: 'nas' }, { credential: 'other-nas' }, false],
    [
      'the root and a home folder, which may be the root',
      { mode: 'SYNC', credential: 'nas', folder: '/a' },
      { credential: 'nas', folder: 'a' },
      true,
    ],
    ['buckets', { mode: 'SYNC', credential: 's3', bucket: 'x' }, { credential: 's3', bucket: 'y' }, false],
    [
      'a bucket, slash or not',
      { mode: 'SYNC', credential: 's3', bucket: 'x', folder: '/a' },
      { credential: 's3', bucket: 'x', folder: 'a' },
      true,
    ],
    ['a root that is not known', { mode: 'SYNC', credential: 'unknown-root' }, { credential: 'here' }, false],
    [
      'two pulls',
      { mode: 'SYNC', direction: 'PULL', path: '/x', folder: 'a' },
      { direction: 'PULL', path: '/x/y', folder: 'b' },
      true,
    ],
    [
      'a pull and a push to one disk',
      { mode: 'SYNC', direction: 'PULL', path: '/remote/a', credential: 'nas' },
      { folder: 'a' },
      true,
    ],
  ])('%s', (_, first, second, fights) => {
    expect(conflicts(first, second)).toBe(fights ? 2 : 0);
    expect(conflicts(second, first)).toBe(fights ? 2 : 0);
  });

  test('that already ran is only warned of a new one', () => {
    const tasks: readonly Written[] = [{ mode: 'SYNC', folder: 'a' }, { folder: 'a' }];
    expect(problemsOf(tasks, { a: 'a.yaml' }).map(({ severity }) => severity)).toEqual(['warning', 'error']);
    expect(problemsOf(tasks, { a: 'a.yaml', b: 'b.yaml' }).map(({ severity }) => severity)).toEqual(['error', 'error']);
  });

  test('of which one is suspended are warned', () => {
    const problems = problemsOf([
      { mode: 'SYNC', folder: 'a' },
      { folder: 'a', enabled: false },
    ]);
    expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  test('are not listed without end', () => {
    const many = Array.from({ length: 40 }, (): Written => ({ mode: 'SYNC', folder: 'a' }));
    expect(problemsOf(many).length).toBeLessThan(250);
  });
});

describe('a push and a pull of the same pair', () => {
  const push: Written = { path: '/data/x', folder: 'a', credential: 'nas' };
  const pull: Written = { ...push, direction: 'PULL' };

  test.each<[string, Written, Written, boolean]>([
    ['sync against copy', { ...push, mode: 'SYNC' }, pull, true],
    ['copy against copy', push, pull, false],
    ['a part of it', { ...push, mode: 'SYNC' }, { ...pull, path: '/data/x/y', folder: 'a/y' }, true],
    ['another local folder', { ...push, mode: 'SYNC' }, { ...pull, path: '/elsewhere' }, false],
    ['another remote folder', { ...push, mode: 'SYNC' }, { ...pull, folder: 'b' }, false],
  ])('%s', (_, first, second, fights) => {
    expect(conflicts(first, second)).toBe(fights ? 2 : 0);
  });

  test('says so', () => {
    expect(problemsOf([{ ...push, mode: 'MOVE' }, pull])[0]?.message).toBe(
      'this task and "b" (tasks.d/b.yaml:10) sync the same places in opposite directions, and "a" is a MOVE',
    );
  });
});

describe('a task with a list of paths', () => {
  const list: Written = { path: '[/data/x/photos, /data/x/letters]', folder: 'a' };

  test.each<[string, Written, Written, boolean]>([
    ['another that writes to one of its places', { ...list, mode: 'SYNC' }, { folder: 'a/letters/b' }, true],
    ['another that writes beside them', { ...list, mode: 'SYNC' }, { folder: 'a/music' }, false],
    ['a SYNC above both of them', list, { folder: 'a', mode: 'SYNC' }, true],
    ['two lists that meet twice', { ...list, mode: 'SYNC' }, list, true],
    [
      'a pull of one of them',
      { ...list, mode: 'SYNC' },
      { path: '/data/x/photos', folder: 'a/photos', direction: 'PULL' },
      true,
    ],
    [
      'a pull of something else',
      { ...list, mode: 'SYNC' },
      { path: '/data/x/photos', folder: 'a/letters', direction: 'PULL' },
      false,
    ],
  ])('%s', (_, first, second, fights) => {
    expect(conflicts(first, second)).toBe(fights ? 2 : 0);
  });

  test('may not send one of its paths into another', () => {
    const problems = problemsOf([{ path: '[/remote/a, /remote/b]', folder: 'b/c' }]);
    expect(messages(problems)).toEqual([
      'CS034 the destination is inside the source, so the task would copy its own copies',
    ]);
    expect(problemsOf([{ path: '[/remote/a, /remote/b]', folder: 'c' }])).toEqual([]);
  });
});

describe('a task by itself', () => {
  test.each<[string, Written, string | null]>([
    ['into its own source', { path: '/remote', folder: 'backup' }, 'the destination is inside the source'],
    ['onto itself', { path: '/remote/a', folder: 'a' }, 'the destination is inside the source'],
    [
      'back from below',
      { direction: 'PULL', path: '/remote/a/b', folder: 'a' },
      'the destination is inside the source',
    ],
    ['upwards with SYNC', { path: '/remote/a/b', folder: 'a', mode: 'SYNC' }, 'the source is inside the destination'],
    ['upwards with MOVE', { path: '/remote/a/b', folder: 'a', mode: 'MOVE' }, 'the source is inside the destination'],
    ['upwards with COPY', { path: '/remote/a/b', folder: 'a' }, null],
    ['beside', { path: '/remote/ab', folder: 'a', mode: 'SYNC' }, null],
  ])('%s', (_, task, message) => {
    const problems = problemsOf([task]);
    expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(message === null ? [] : ['CS034 8']);
    if (message !== null) expect(problems[0]?.message).toContain(message);
  });
});

describe('one place by several names', () => {
  const sync: Written = { mode: 'SYNC', credential: 'one', folder: 'a' };
  const copy: Written = { credential: 'other', folder: 'a/b' };

  test.each<[string, readonly string[], readonly string[], 'error' | 'warning' | null]>([
    ['a dot at the end of a host', ['host: NAS.example.org.'], ['host: nas.example.org'], 'error'],
    ['the default port', ['host: nas', 'port: 22'], ['host: nas'], 'error'],
    ['a host that is a secret', ['host: { fromEnv: A }'], ['host: nas'], 'warning'],
  ])('%s', (_, one, other, expected) => {
    const more = [credentialText(one, 'one', 'sftp'), credentialText(other, 'other', 'sftp')];
    const found = problemsOf([sync, copy], {}, more).map(({ severity }) => severity);
    expect(found).toEqual(expected === null ? [] : [expected, expected]);
  });

  test('links make one place of two paths', () => {
    const places = new Map(['/data/x', '/mnt/link'].map((path) => [path, placeByName('/data/x')] as const));
    const tasks: readonly Written[] = [
      { direction: 'PULL', mode: 'SYNC', path: '/data/x', credential: 'nas', folder: 'a' },
      { direction: 'PULL', path: '/mnt/link', credential: 'other-nas', folder: 'b' },
    ];
    expect(problemsOf(tasks)).toEqual([]);
    const problems = problemsOf(tasks, {}, [], { localPlace: (path) => places.get(path) ?? null });
    expect(problems.map(({ severity }) => severity)).toEqual(['error', 'error']);
  });

  test.each<[string, Written, Written, number]>([
    ['out of what a SYNC sends', { mode: 'MOVE', path: '/data/in' }, { mode: 'SYNC', path: '/data' }, 2],
    ['out of what another moves', { mode: 'MOVE', path: '/data/in' }, { mode: 'MOVE', path: '/data' }, 2],
    [
      'out of what a SYNC brings',
      { mode: 'MOVE', path: '/data/in' },
      { mode: 'SYNC', path: '/data', direction: 'PULL' },
      2,
    ],
    ['out of what a copy brings', { mode: 'MOVE', path: '/data/in' }, { path: '/data', direction: 'PULL' }, 0],
    ['out of what a copy sends', { mode: 'MOVE', path: '/data/in' }, { path: '/data' }, 0],
    ['beside it', { mode: 'MOVE', path: '/data/in' }, { mode: 'SYNC', path: '/data/inner' }, 0],
  ])('a MOVE %s', (_, first, second, count) => {
    const one = { credential: 'nas', folder: 'one', ...first };
    expect(conflicts(one, { credential: 'nas', folder: 'two', ...second })).toBe(count);
  });
});
