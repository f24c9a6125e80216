import { describe, expect, test } from 'vitest';
import { parseReference } from '../../src/manifest/secret-reference.ts';
import { messages, parse, taskText } from './manifest-builder.ts';

function referenceOf(value: object): unknown {
  const parsed = parseReference('it', value, '/srv/tasks/team');
  return parsed.ok ? parsed.value : [parsed.error.message, parsed.error.hint];
}

const armour = (body: string) => `-----BEGIN AGE ENCRYPTED FILE-----\n${body}\n-----END AGE ENCRYPTED FILE-----`;

test.each([
  [{ fromEnv: 'B2_KEY' }, { fromEnv: 'B2_KEY' }],
  [{ fromFile: '../key' }, { fromFile: '/srv/tasks/key' }],
  [{ fromCommand: ['pass', 'show', './key'] }, { fromCommand: ['pass', 'show', './key'] }],
  [{ fromCommand: ['./find-key', '-v'] }, { fromCommand: ['/srv/tasks/team/find-key', '-v'] }],
  [{ fromCommand: ['/usr/bin/pass'] }, { fromCommand: ['/usr/bin/pass'] }],
  [{ age: `\n${armour('YWdl\nLWVuYw==')}\n\n` }, { age: `${armour('YWdl\nLWVuYw==')}\n` }],
  [{ age: armour('YWdl').replaceAll('\n', '\r\n') }, { age: `${armour('YWdl')}\n` }],
])('%j is a reference', (value, reference) => {
  expect(referenceOf(value)).toEqual(reference);
});

const words = 'fromCommand of it must be a list of 1 to 64 words, none of them empty';
const lines = 'from the line -----BEGIN AGE ENCRYPTED FILE----- to the line -----END AGE ENCRYPTED FILE-----';

test.each([
  [{}, 'it must hold exactly one of fromEnv, fromFile, fromCommand, age'],
  [{ fromEnv: 'A', fromFile: 'b' }, 'it must hold exactly one of fromEnv, fromFile, fromCommand, age'],
  [{ hunter2: 'hunter2' }, 'it must be a reference by one of fromEnv, fromFile, fromCommand, age'],
  [{ fromEnv: 'a-b' }, 'fromEnv of it must be the name of an environment variable'],
  [{ fromEnv: 1 }, 'fromEnv of it must be the name of an environment variable'],
  [{ fromFile: '' }, 'fromFile of it must be the path of a file'],
  [{ fromFile: 'a\0' }, 'fromFile of it must be the path of a file'],
  [{ fromFile: 1 }, 'fromFile of it must be the path of a file'],
  [{ fromCommand: 'pass hunter2' }, words],
  [{ fromCommand: [] }, words],
  [{ fromCommand: [''] }, words],
  [{ fromCommand: ['pass', 1] }, words],
  [{ fromCommand: ['pass', 'a\0'] }, words],
  [{ fromCommand: ['pass', 'x'.repeat(4097)] }, words],
  [{ fromCommand: Array.from({ length: 65 }, () => 'a') }, words],
  [{ age: 'hunter2' }, `age of it must be armoured text, ${lines}`],
  [{ age: armour('hunter 2') }, `age of it must be armoured text, ${lines}`],
  [{ age: 1 }, `age of it must be armoured text, ${lines}`],
  [{ age: armour('A'.repeat(16 * 1024)) }, 'age of it must be at most 16 KiB long'],
])('%j is none', (value, message) => {
  expect(referenceOf(value)).toEqual([message, expect.any(String)]);
  expect(JSON.stringify(referenceOf(value))).not.toContain('hunter2');
});

test('a slip in the kind is recognised', () => {
  expect(referenceOf({ fromenv: 'A' })).toContain('did you mean fromEnv?');
  expect(referenceOf({ elsewhere: 'A' })).toContain('write { fromEnv: NAME } or { fromFile: /path/to/file }');
});

describe('encryption', () => {
  const encryptionOf = (...lines: readonly string[]) => {
    const { task, problems } = parse(
      taskText(['encryption:', ...lines.map((line) => `  ${line}`)]),
      'team/photos.yaml',
    );
    return problems.length === 0 ? task?.spec.encryption : messages(problems);
  };

  test('encrypts names too, unless told otherwise', () => {
    const password = { fromEnv: 'A' };
    expect(encryptionOf('password: { fromEnv: A }')).toEqual({ password, salt: null, filenames: true });
    expect(encryptionOf('password: { fromEnv: A }', 'salt: { fromFile: salt }', 'filenames: false')).toEqual({
      ...{ password, salt: { fromFile: '/srv/tasks/team/salt' }, filenames: false },
    });
  });

  test('an age text is written as a block', () => {
    const block = armour('YWdl').split('\n');
    expect(encryptionOf('password:', '  age: |', ...block.map((line) => `    ${line}`))).toMatchObject({
      password: { age: `${armour('YWdl')}\n` },
    });
  });

  test.each([
    ['salt: { fromEnv: A }', 'CS011 spec.encryption needs the key "password"'],
    ['password: hunter2', 'CS043 spec.encryption.password must be a reference to a secret, not the secret itself'],
    ['password: {}', 'CS015 spec.encryption.password must have a number of keys of at least 1'],
    [
      'password: { hunter2: 1 }',
      'CS012 spec.encryption.password must be a reference by fromEnv, fromFile, fromCommand, age',
    ],
    [
      'password: { fromCommand: [] }',
      'CS015 spec.encryption.password.fromCommand must have a number of entries of at least 1',
    ],
    ['password: { age: hunter2 }', `CS016 age of spec.encryption.password must be armoured text, ${lines}`],
  ])('%s', (line, message) => {
    expect(encryptionOf(line)).toEqual([message]);
  });

  test('a misspelt kind of reference is suggested', () => {
    const { problems } = parse(taskText(['encryption: { password: { fromEnvironment: A } }']));
    expect(problems[0]?.hint).toBe('write { fromEnv: NAME } or { fromFile: /path/to/file }');
    expect(parse(taskText(['encryption: { password: { from_env: A } }'])).problems[0]?.hint).toBe(
      'did you mean "fromEnv"?',
    );
  });

  test('the salt is placed where it is written', () => {
    const { task, problems } = parse(taskText(['encryption:', '  password: { fromEnv: A }', '  salt: { age: no }']));
    expect(task).toBe(null);
    expect(problems).toMatchObject([{ code: 'CS016', line: 11, column: 11 }]);
  });
});
