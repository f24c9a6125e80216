import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileLimits } from '../../src/model/task.ts';
import { messages, parse, taskText } from './manifest-builder.ts';

const none: FileLimits = { minAgeMs: null, maxAgeMs: null, minSizeBytes: null, maxSizeBytes: null };
const lines = { minAge: 'minAge: 15m', maxAge: 'maxAge: 30d', minSize: 'minSize: 1k', maxSize: 'maxSize: 4G' };
const fields = ['minAge', 'maxAge', 'minSize', 'maxSize'] as const;

function problemsOf(...written: readonly string[]): readonly string[] {
  return messages(parse(taskText(written)).problems);
}

test.each(['COPY', 'MOVE'])('%s takes them in milliseconds and bytes', (mode) => {
  const { task, problems } = parse(taskText([`transferMode: ${mode}`, ...Object.values(lines)]));
  expect(problems).toEqual([]);
  expect(task?.spec).toMatchObject({
    minAgeMs: 900_000,
    maxAgeMs: 2_592_000_000,
    minSizeBytes: 1024,
    maxSizeBytes: 4 * 1024 ** 3,
  });
});

test('left out, there is no limit', () => {
  expect(parse(taskText()).task?.spec).toMatchObject(none);
});

describe('SYNC refuses', () => {
  test.each(fields)('%s, at its key and with the reason', (field) => {
    const quality = field.endsWith('Age') ? 'age' : 'size';
    expect(parse(taskText(['transferMode: SYNC', lines[field]])).problems).toMatchObject([
      {
        code: 'CS047',
        severity: 'error',
        line: 10,
        column: 3,
        message:
          `spec.${field} is not possible with SYNC: a file that is left out for its ${quality} looks deleted, ` +
          'and its copy at the destination would be deleted',
        hint: 'use transferMode: COPY, or exclude such files by name',
      },
    ]);
  });

  test('each of them, whatever the others say', () => {
    fc.assert(
      fc.property(fc.subarray([...fields], { minLength: 1 }), (written) => {
        const { task, problems } = parse(taskText(['transferMode: SYNC', ...written.map((field) => lines[field])]));
        expect(task).toBe(null);
        expect(problems.map(({ code }) => code)).toEqual(written.map(() => 'CS047'));
      }),
    );
  });
});

test.each([
  [['minAge: 30d', 'maxAge: 15m'], 'CS015 spec.minAge is 30d and spec.maxAge is 15m, so that no file is ever taken'],
  [['minAge: 1h', 'maxAge: 60m'], 'CS015 spec.minAge is 1h and spec.maxAge is 60m, so that no file is ever taken'],
  [['minSize: 4G', 'maxSize: 1k'], 'CS015 spec.minSize is 4G and spec.maxSize is 1k, so that no file is ever taken'],
  [['minAge: 0s'], 'CS015 spec.minAge must be from 1s to 36500d; found "0s"'],
  [['maxAge: 30'], 'CS013 spec.maxAge must be text; found the number 30'],
  [
    ['maxAge: 30m1h'],
    'CS016 spec.maxAge is "30m1h"; a duration is whole numbers with the units d, h, m and s, the largest first',
  ],
  [['minSize: 0b'], 'CS015 spec.minSize must be at least 1b; found "0b"'],
  [
    ['maxSize: 4GG'],
    'CS016 spec.maxSize is "4GG"; a size is a number with one of the units b, k, M, G, T, P, or Ki, Mi, Gi and so on',
  ],
  [['maxSize: "off"'], 'CS016 spec.maxSize has the wrong format; found "off"'],
])('%j', (written, message) => {
  expect(problemsOf(...written)).toEqual([message]);
});

test('equal sizes leave the files of just that size', () => {
  expect(problemsOf('minSize: 1k', 'maxSize: 1Ki')).toEqual([]);
});

test('a fault in one limit is not held against the other', () => {
  expect(problemsOf('minAge: 1h', 'maxAge: 0s')).toEqual(['CS015 spec.maxAge must be from 1s to 36500d; found "0s"']);
});

describe('deleteEmptySourceDirectories', () => {
  test('belongs to MOVE', () => {
    const { task, problems } = parse(taskText(['transferMode: MOVE', 'deleteEmptySourceDirectories: true']));
    expect([task?.spec.deleteEmptySourceDirectories, problems]).toEqual([true, []]);
    expect(parse(taskText()).task?.spec.deleteEmptySourceDirectories).toBe(false);
    expect(problemsOf('deleteEmptySourceDirectories: false')).toEqual([]);
  });

  test.each(['COPY', 'SYNC'])('is an error with %s', (mode) => {
    expect(problemsOf(`transferMode: ${mode}`, 'deleteEmptySourceDirectories: true')).toEqual([
      `CS047 spec.deleteEmptySourceDirectories is not possible with ${mode}: only a MOVE deletes at the source`,
    ]);
  });
});
