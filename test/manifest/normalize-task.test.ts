import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { messages, parse, taskText } from './manifest-builder.ts';

function spec(...lines: readonly string[]): TaskSpec | undefined {
  const { task, problems } = parse(taskText(lines), 'team/photos.yaml');
  expect(problems).toEqual([]);
  return task?.spec;
}

function problemsOf(...lines: readonly string[]): readonly string[] {
  return messages(parse(taskText(lines), 'team/photos.yaml').problems);
}

test('fields are taken as written', () => {
  const written = spec(
    ...['description: Nightly', 'direction: PULL', 'transferMode: SYNC', 'enabled: false', 'followSymlinks: true'],
    ...['exclude: ["*.tmp"]', 'include: ["*.jpg"]', 'transfers: 8', 'createEmptySourceDirectories: true'],
    ...['fastList: true', 'timeout: 6h', 'history: { successful: 3 }', 'safety: { allowEmptySource: true }'],
    ...['remote: { credential: here, bucket: b, folder: "a/b//" }', 'bandwidthLimit: ["08:00,1k", "9:00,off"]'],
  );
  expect(written).toMatchObject({
    ...{ description: 'Nightly', direction: 'PULL', transferMode: 'SYNC', enabled: false, followSymlinks: true },
    ...{ exclude: ['*.tmp'], include: ['*.jpg'], transfers: 8, createEmptySourceDirectories: true, fastList: true },
    ...{ timeoutMs: 21_600_000, history: { successful: 3, failed: 20 }, safety: { allowEmptySource: true } },
    remote: { credential: 'here', rcloneRemote: null, bucket: 'b', folder: 'a/b' },
    bandwidthLimit: [{ time: '08:00' }, { time: '09:00', limit: { up: null, down: null } }],
  });
});

test('labels and annotations are kept', () => {
  const text = taskText().replace('name: photos', 'name: photos\n  labels: { a: b }\n  annotations: { c: d }');
  expect(parse(text).task).toMatchObject({ labels: { a: 'b' }, annotations: { c: 'd' } });
});

describe('schedule', () => {
  test('takes defaults around an expression', () => {
    expect(spec('schedule: 0 2 * * *')?.schedule).toEqual({
      ...{ cron: '0 2 * * *', timeZone: null, jitterMs: 0, missedRuns: 'RunOnce', deadlineMs: 21_600_000 },
    });
  });

  test('takes its parts', () => {
    const lines = ['schedule:', '  cron: daily', '  timeZone: Europe/Berlin', '  jitter: 10m', '  missedRuns: Skip'];
    expect(spec(...lines, '  deadline: 7d')?.schedule).toEqual({
      ...{ cron: '0 0 * * *', timeZone: 'Europe/Berlin', jitterMs: 600_000, missedRuns: 'Skip' },
      deadlineMs: 604_800_000,
    });
  });

  test.each([
    ['hourly', '0 * * * *'],
    ['daily', '0 0 * * *'],
    ['"@weekly"', '0 0 * * 0'],
    ['monthly', '0 0 1 * *'],
    ['" 0 2 * * * "', '0 2 * * *'],
  ])('%s', (written, cron) => {
    expect(spec(`schedule: ${written}`)?.schedule?.cron).toBe(cron);
  });

  test.each([
    ['schedule: soon', 'CS021 not a cron expression'],
    ['schedule: constructor', 'CS021 not a cron expression'],
    ['schedule: 0 0 30 2 *', 'CS022 never fires'],
    ['schedule: { cron: daily, timeZone: Mars/Olympus }', 'CS023 no such time zone'],
    ['schedule: "* * * * *"', 'CS029 (warning) fires each minute'],
    ['schedule: { cron: daily, jitter: 2d }', 'CS015 spec.schedule.jitter must be from 0s to 1d; found "2d"'],
    ['schedule: { cron: daily, deadline: 0s }', 'CS015 spec.schedule.deadline must be from 1s to 366d; found "0s"'],
    ['schedule: { timeZone: Europe/Berlin }', 'CS011 spec.schedule needs the key "cron"'],
    ['schedule: 5', 'CS013 spec.schedule must be text or a map; found the number 5'],
    [
      'timeout: 5m1h',
      'CS016 spec.timeout is "5m1h"; a duration is whole numbers with the units d, h, m and s, the largest first',
    ],
    ['timeout: 31d', 'CS015 spec.timeout must be from 1s to 30d; found "31d"'],
  ])('%s', (line, message) => {
    expect(problemsOf(line)).toEqual([message]);
  });

  test('points at the part that is wrong', () => {
    const { problems } = parse(taskText(['schedule:', '  cron: daily', '  timeZone: Mars/Olympus']));
    expect(problems).toMatchObject([{ line: 11, column: 15 }]);
    expect(parse(taskText(['schedule:', '  cron: soon'])).problems).toMatchObject([{ line: 10, column: 11 }]);
  });
});

test.each([
  ['Europe/Stokholm', 'did you mean Europe/Stockholm?'],
  ['america/new york', 'did you mean America/New_York?'],
  ['Berlin', 'did you mean Europe/Berlin?'],
  ['Mars/Olympus', 'such as UTC'],
])('the zone that was probably meant by %s', (timeZone, hint) => {
  const { problems } = parse(taskText([`schedule: { cron: daily, timeZone: "${timeZone}" }`]));
  expect(problems).toMatchObject([{ code: 'CS023', hint }]);
});

describe('path', () => {
  test.each([
    ['/data/photos/', '/data/photos'],
    ['../data', '/srv/tasks/data'],
    ['.', '/srv/tasks/team'],
    ['/', '/'],
    ['/a/../b', '/b'],
  ])('%s', (written, path) => {
    expect(spec(`path: ${written}`)?.paths).toEqual([path]);
  });

  test.each([
    ['path: ~/photos', 'CS016 a path does not begin with ~, which only a shell replaces'],
    ['path: ""', 'CS015 spec.path must have a length of at least 1'],
  ])('%s', (line, message) => {
    expect(problemsOf(line)).toEqual([message]);
  });

  test('stays inside the roots, part by part', () => {
    const outside = (path: string) =>
      parse(taskText([`path: ${path}`]), 'photos.yaml', { pathRoots: ['/data'] }).problems;
    expect(outside('/data')).toEqual([]);
    expect(outside('/data/a')).toEqual([]);
    expect(messages(outside('/database'))).toEqual(['CS028 /database is not inside /data']);
    expect(messages(outside('/data/../etc'))).toEqual(['CS028 /etc is not inside /data']);
    expect(parse(taskText(), 'photos.yaml', { pathRoots: ['/'] }).problems).toEqual([]);
  });
});

describe('remote', () => {
  test.each([
    ['"/"', '/'],
    ['"//"', '/'],
    ['/abs/', '/abs'],
    ['""', ''],
  ])('folder %s', (written, folder) => {
    expect(spec(`remote: { credential: here, folder: ${written} }`)?.remote.folder).toBe(folder);
  });

  test.each([
    ['remote: { folder: a }', ['CS011 spec.remote needs the key "credential"']],
    ['remote: { credential: here, folder: a/../b }', ['CS016 spec.remote.folder must not lead upwards with ..']],
    [
      'remote: { credential: here, rcloneRemote: gdrive }',
      ['CS012 spec.remote names both a credential and a section of rclone.conf'],
    ],
    [
      'remote: { rcloneRemote: gdrive, bucket: b }',
      ['CS012 spec.remote.bucket cannot be used with rcloneRemote, where a bucket is the first part of the path'],
    ],
    ...[':local', 'a:b', 'a,b', '-a', 'a ', ' a', 'a/b', 'a"b'].map((name): [string, readonly string[]] => [
      `remote: { rcloneRemote: ${JSON.stringify(name)} }`,
      [`CS016 spec.remote.rcloneRemote has the wrong format; found ${JSON.stringify(name)}`],
    ]),
  ])('%s', (line, expected) => {
    expect(problemsOf(line)).toEqual(expected);
  });
});

test.each(['gdrive', 'my drive', 'a.b-c_d', '1', 'me@example.org', 'a+b', 'büro'])(
  'a section of rclone.conf may be called %s',
  (name) => {
    expect(spec(`remote: { rcloneRemote: "${name}", folder: b/c }`)?.remote).toEqual({
      ...{ credential: null, rcloneRemote: name, bucket: null, folder: 'b/c' },
    });
  },
);

describe('upload chunks', () => {
  test('are bytes', () => {
    expect(spec('uploadChunkSize: 96Mi')?.uploadChunkSizeBytes).toBe(100_663_296);
    expect(spec()?.uploadChunkSizeBytes).toBe(null);
  });

  test.each([
    [
      ['uploadChunkSize: 96KB'],
      'CS016 spec.uploadChunkSize is "96KB"; a size is a number with one of the units b, k, M, G, T, P, or Ki, Mi, Gi and so on',
    ],
    [
      ['direction: PULL', 'uploadChunkSize: 96Mi'],
      'CS038 (warning) spec.uploadChunkSize has no effect on a PULL, which uploads nothing',
    ],
  ])('%s', (lines, message) => {
    expect(problemsOf(...lines)).toEqual([message]);
  });
});

describe('lists', () => {
  test('point at the entry that is wrong', () => {
    const { problems } = parse(
      taskText(['bandwidthLimit:', '  - 08:00,1k', '  - 07:00,1k', 'include:', '  - "*.jpg"', '  - photos']),
    );
    expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(['CS024 11', 'CS027 14']);
  });

  test('a warning about the bandwidth leaves the task valid', () => {
    expect(messages(parse(taskText(['bandwidthLimit: "0"'])).problems)).toEqual([
      'CS025 (warning) a limit of 0 means that there is no limit',
    ]);
    expect(spec('bandwidthLimit: 512')?.bandwidthLimit).toMatchObject([{ limit: { up: 524_288 } }]);
  });
});

describe('retry and concurrency', () => {
  test('have defaults', () => {
    expect(spec()).toMatchObject({ retry: { limit: 3, backoffMs: 30_000 }, concurrency: 'Forbid' });
  });

  test.each([
    ['retry: { limit: 0 }', { retry: { limit: 0, backoffMs: 30_000 } }],
    ['retry: { limit: 20, backoff: 1h }', { retry: { limit: 20, backoffMs: 3_600_000 } }],
    ['retry: { backoff: 1m30s }', { retry: { limit: 3, backoffMs: 90_000 } }],
    ['concurrency: Replace', { concurrency: 'Replace' }],
    ['concurrency: Queue', { concurrency: 'Queue' }],
  ])('%s', (line, expected) => {
    expect(spec(line)).toMatchObject(expected);
  });

  test.each([
    ['retry: { limit: 21 }', 'CS015 spec.retry.limit must be at most 20'],
    ['retry: { limit: -1 }', 'CS015 spec.retry.limit must be at least 0'],
    ['retry: { backoff: 0s }', 'CS015 spec.retry.backoff must be from 1s to 1h; found "0s"'],
    ['retry: { backoff: 61m }', 'CS015 spec.retry.backoff must be from 1s to 1h; found "61m"'],
    [
      'retry: { backoff: 1s1m }',
      'CS016 spec.retry.backoff is "1s1m"; a duration is whole numbers with the units d, h, m and s, the largest first',
    ],
    ['concurrency: Allow', 'CS014 spec.concurrency must be Forbid or Replace or Queue; found "Allow"'],
  ])('%s', (line, message) => {
    expect(problemsOf(line)).toEqual([message]);
  });
});

describe('verify', () => {
  test('is a schedule of its own', () => {
    expect(spec()?.verify).toBe(null);
    const { schedule, verify } = spec('schedule: daily', 'verify: { schedule: { cron: weekly, deadline: 1d } }') ?? {};
    expect(schedule?.cron).toBe('0 0 * * *');
    expect(verify?.schedule).toEqual({
      ...{ cron: '0 0 * * 0', timeZone: null, jitterMs: 0, missedRuns: 'RunOnce', deadlineMs: 86_400_000 },
    });
    expect(spec('verify: { schedule: 0 6 * * 0 }')?.verify?.schedule.cron).toBe('0 6 * * 0');
  });

  test('is checked in its own place', () => {
    const { problems } = parse(
      taskText(['verify:', '  schedule:', '    cron: soon', '    timeZone: Europe/Berlin', '    jitter: 2d']),
    );
    expect(problems).toMatchObject([
      { code: 'CS021', line: 11, column: 13 },
      { code: 'CS015', line: 13, message: 'spec.verify.schedule.jitter must be from 0s to 1d; found "2d"' },
    ]);
    const zone = parse(taskText(['verify: { schedule: { cron: daily, timeZone: Mars/Olympus } }'])).problems;
    expect(zone).toMatchObject([{ code: 'CS023', line: 9, column: 48 }]);
  });

  test.each([
    ['verify: {}', 'CS011 spec.verify needs the key "schedule"'],
    ['verify: weekly', 'CS013 spec.verify must be a map; found "weekly"'],
  ])('%s', (line, message) => {
    expect(problemsOf(line)).toEqual([message]);
  });

  test.each([
    ['verify: { schedule: weekly }', 0],
    ['verify: { schedule: weekly, sample: 0 }', 0],
    ['verify: { schedule: weekly, sample: 1000 }', 1000],
  ])('%s reads %d files back', (line, sample) => {
    expect(spec(line)?.verify?.sample).toBe(sample);
  });

  test.each([
    ['sample: -1', 'CS015 spec.verify.sample must be at least 0'],
    ['sample: 1001', 'CS015 spec.verify.sample must be at most 1000'],
    ['sample: 1.5', 'CS013 spec.verify.sample must be a whole number; found the number 1.5'],
    ['sample: "20"', 'CS013 spec.verify.sample must be a whole number; found "20"'],
  ])('%s', (line, message) => {
    expect(problemsOf(`verify: { schedule: weekly, ${line} }`)).toEqual([message]);
  });

  test('has nothing to compare with MOVE', () => {
    expect(problemsOf('transferMode: MOVE', 'verify: { schedule: weekly }')).toEqual([
      'CS038 (warning) spec.verify has no effect with MOVE, which leaves nothing at the source to compare with',
    ]);
  });
});
