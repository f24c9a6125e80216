import { describe, expect, test } from 'vitest';
import type { Safety } from '../../src/model/task.ts';
import { messages, parse, taskText } from './manifest-builder.ts';

function safety(written: string, mode = 'SYNC'): Safety | undefined {
  const { task, problems } = parse(taskText([`transferMode: ${mode}`, `safety: ${written}`]));
  expect(problems).toEqual([]);
  return task?.spec.safety;
}

function problemsOf(written: string, mode = 'SYNC'): readonly string[] {
  return messages(parse(taskText([`transferMode: ${mode}`, `safety: ${written}`])).problems);
}

describe('maxDelete', () => {
  test.each([
    ['{}', { kind: 'percentage', percentage: 50 }],
    ['{ maxDelete: 0% }', { kind: 'percentage', percentage: 0 }],
    ['{ maxDelete: "100%" }', { kind: 'percentage', percentage: 100 }],
    ['{ maxDelete: 0 }', { kind: 'count', count: 0 }],
    ['{ maxDelete: 2500 }', { kind: 'count', count: 2500 }],
  ])('%s', (written, maxDelete) => {
    expect(safety(written)?.maxDelete).toEqual(maxDelete);
  });

  test.each([
    ['{ maxDelete: -1 }', 'CS015 spec.safety.maxDelete must be at least 0'],
    ['{ maxDelete: 1.5 }', 'CS013 spec.safety.maxDelete must be a whole number or text; found the number 1.5'],
    ['{ maxDelete: 101% }', 'CS016 spec.safety.maxDelete has the wrong format; found "101%"'],
    ['{ maxDelete: "50" }', 'CS016 spec.safety.maxDelete has the wrong format; found "50"'],
    ['{ maxDelete: 5.5% }', 'CS016 spec.safety.maxDelete has the wrong format; found "5.5%"'],
  ])('%s', (written, message) => {
    expect(problemsOf(written)).toEqual([message]);
  });
});

describe('preflight', () => {
  test.each(['always', 'never'])('%s', (preflight) => {
    expect(safety(`{ preflight: ${preflight} }`)?.preflight).toBe(preflight);
  });

  test('is always where it is left out', () => {
    expect(safety('{}')?.preflight).toBe('always');
  });

  test('is one of two', () => {
    expect(problemsOf('{ preflight: sometimes }')).toEqual([
      'CS014 spec.safety.preflight must be always or never; found "sometimes"',
    ]);
  });

  test('auto, which earlier versions accepted, is an error that says what to write', () => {
    expect(parse(taskText(['transferMode: SYNC', 'safety:', '  preflight: auto'])).problems).toMatchObject([
      {
        ...{ code: 'CS014', severity: 'error', line: 11, column: 16 },
        message:
          'spec.safety.preflight: auto is no longer accepted, because a rehearsal that was left out counted no deletions',
        hint: 'write always, or leave the field out, which means always',
      },
    ]);
  });
});

describe.each([
  ['backupFolder', "the destination's root"],
  ['requireMarker', 'the local directory of the task'],
] as const)('%s', (field, root) => {
  test('is off unless it is written', () => {
    expect(safety('{}')?.[field]).toBe(null);
  });

  test.each([
    ['.trash', '.trash'],
    ['./a/./b', 'a/b'],
    ['a//b', 'a/b'],
    ['..a', '..a'],
    ['"with spaces [x]"', 'with spaces [x]'],
  ])('%s', (written, path) => {
    for (const mode of ['SYNC', 'COPY', 'MOVE']) expect(safety(`{ ${field}: ${written} }`, mode)?.[field]).toBe(path);
  });

  test.each(['/trash', '/', '..', 'a/../b', '.', './'])('is refused above or at the root: %s', (written) => {
    const problems = parse(taskText([`safety: { ${field}: ${written} }`])).problems;
    expect(problems).toMatchObject([
      { code: 'CS016', line: 9, severity: 'error', hint: expect.stringMatching(/^for example \./) },
    ]);
  });

  test('says what was expected and found', () => {
    expect(problemsOf(`{ ${field}: ../a }`)).toEqual([
      `CS016 spec.safety.${field} must be a path below ${root}, without a slash before it and without ..; found "../a"`,
    ]);
    expect(problemsOf(`{ ${field}: "" }`)).toEqual([`CS015 spec.safety.${field} must have a length of at least 1`]);
    expect(problemsOf(`{ ${field}: "a\\nb" }`)).toEqual([
      expect.stringMatching(`^CS016 spec.safety.${field} has the wrong format`),
    ]);
  });
});

test('a folder may end in a slash, a file may not', () => {
  expect(safety('{ backupFolder: .trash/ }')?.backupFolder).toBe('.trash');
  expect(problemsOf('{ requireMarker: mounted/ }')).toEqual([
    'CS016 spec.safety.requireMarker must be a file, and so has no slash at its end; found "mounted/"',
  ]);
});

test.each(['COPY', 'MOVE'])('what holds deletes back has no effect with %s', (mode) => {
  expect(problemsOf('{ maxDelete: 5, allowEmptySource: true, preflight: always }', mode)).toEqual(
    ['maxDelete', 'allowEmptySource', 'preflight'].map(
      (field) =>
        `CS038 (warning) spec.safety.${field} has no effect with ${mode}: only SYNC deletes files at the destination`,
    ),
  );
  expect(problemsOf('{ backupFolder: .trash, requireMarker: .here }', mode)).toEqual([]);
});

describe('requireDestinationMarker', () => {
  test('is off unless it is written, in every mode', () => {
    expect(safety('{ requireMarker: .here }')?.requireDestinationMarker).toBe(false);
    for (const mode of ['SYNC', 'COPY', 'MOVE']) {
      const written = safety('{ requireMarker: .here, requireDestinationMarker: true }', mode);
      expect(written).toMatchObject({ requireMarker: '.here', requireDestinationMarker: true });
    }
  });

  test('needs the name of the file', () => {
    expect(parse(taskText(['safety: { requireDestinationMarker: true }'])).problems).toMatchObject([
      {
        code: 'CS011',
        line: 9,
        column: 13,
        message: 'spec.safety.requireDestinationMarker needs spec.safety.requireMarker, which names the file',
        hint: 'for example requireMarker: .cloudsync-marker',
      },
    ]);
    expect(problemsOf('{ requireDestinationMarker: false }')).toEqual([]);
  });
});

describe('backupRetention', () => {
  test('is for ever unless it is written', () => {
    expect(safety('{ backupFolder: .trash }')?.backupRetentionMs).toBe(null);
    for (const mode of ['SYNC', 'COPY', 'MOVE']) {
      expect(safety('{ backupFolder: .trash, backupRetention: 30d }', mode)?.backupRetentionMs).toBe(2_592_000_000);
    }
  });

  test.each([
    [
      '{ backupRetention: 30d }',
      'CS011 spec.safety.backupRetention needs spec.safety.backupFolder, which names the folder',
    ],
    [
      '{ backupFolder: .trash, backupRetention: 23h }',
      'CS015 spec.safety.backupRetention must be from 1d to 36500d; found "23h"',
    ],
    [
      '{ backupFolder: .trash, backupRetention: 30 }',
      'CS013 spec.safety.backupRetention must be text; found the number 30',
    ],
  ])('%s', (written, message) => {
    expect(problemsOf(written)).toEqual([message]);
  });
});
