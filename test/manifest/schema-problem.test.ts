import { describe, expect, test } from 'vitest';
import { messages, parse, taskText } from './manifest-builder.ts';

function problemsOf(...lines: readonly string[]) {
  return parse(taskText(lines)).problems;
}

describe('types, with how to write it', () => {
  test.each([
    [
      'enabled: on',
      'spec.enabled must be true or false; found "on"',
      'write true, in small letters and without quotes',
    ],
    [
      'enabled: "false"',
      'spec.enabled must be true or false; found "false"',
      'write false, in small letters and without quotes',
    ],
    ['enabled: maybe', 'spec.enabled must be true or false; found "maybe"', 'for example enabled: false'],
    ['transfers: "8"', 'spec.transfers must be a whole number; found "8"', 'write the number without quotes'],
    ['transfers: 1.5', 'spec.transfers must be a whole number; found the number 1.5', 'for example transfers: 8'],
    ['description: 12', 'spec.description must be text; found the number 12', 'put the value in double quotes'],
    [
      'description: [a]',
      'spec.description must be text; found a list',
      'for example description: "Family photos, nightly"',
    ],
    [
      'description:',
      'spec.description must be text; found nothing',
      'write a value; text that begins with # must be in double quotes, or it is a comment',
    ],
    [
      'exclude: [{a}]',
      'spec.exclude[0] must be text; found a map',
      'text with braces must be in double quotes, or it is a map',
    ],
    ['timeout: 90', 'spec.timeout must be text; found the number 90', 'for example timeout: "6h"'],
    ['exclude: "*.tmp"', 'spec.exclude must be a list; found "*.tmp"', 'for example exclude: ["*.tmp","/cache/**"]'],
    [
      'remote: here',
      'spec.remote must be a map; found "here"',
      'for example remote: {"credential":"backblaze","bucket":"family-photos","folder":"photos"}',
    ],
  ])('%s', (line, message, hint) => {
    expect(problemsOf(line).slice(0, 1)).toMatchObject([{ code: 'CS013', message, hint }]);
  });

  test('of secrets: a literal is not shown', () => {
    expect(messages(problemsOf('encryption: { password: hunter2, salt: }'))).toEqual([
      'CS043 spec.encryption.password must be a reference to a secret, not the secret itself',
      'CS013 spec.encryption.salt must be a map; found nothing',
    ]);
    expect(messages(problemsOf('rcloneFlags: { header: [] }'))).toEqual([
      'CS013 spec.rcloneFlags.header must be text or a number or true or false; found a list',
    ]);
    expect(messages(problemsOf('encryption: hunter2'))).toEqual(['CS013 spec.encryption must be a map; found text']);
    expect(messages(problemsOf('encryption: 5'))).toEqual(['CS013 spec.encryption must be a map; found a number']);
  });
});

describe('keys', () => {
  test('an unknown one and the missing one that it was meant to be are one problem', () => {
    const text = taskText().replace('direction', 'Direction');
    expect(messages(parse(text).problems)).toEqual(['CS012 spec has no key "Direction"']);
    expect(parse(text).problems[0]).toMatchObject({ line: 6, column: 3, hint: 'did you mean "direction"?' });
  });

  test('an unknown one and another missing one are two', () => {
    const text = taskText(['colour: red']).replace('  direction: PUSH\n', '');
    expect(parse(text).problems).toMatchObject([
      { code: 'CS011', message: 'spec needs the key "direction"', line: 5, hint: 'for example direction: "PUSH"' },
      {
        code: 'CS012',
        message: 'spec has no key "colour"',
        hint: expect.stringMatching(/^the keys are description, /),
      },
    ]);
  });

  test('that other tools write are explained', () => {
    expect(messages(parse(`${taskText()}sops: {}\n`).problems)).toEqual([
      'CS012 the file is encrypted by SOPS, which is not read',
    ]);
    expect(messages(problemsOf('<<: {}'))).toEqual(['CS007 merge keys are not accepted']);
    expect(messages(parse(`${taskText()}status: {}\n`).problems)).toEqual(['CS012 a manifest has no key "status"']);
  });

  test('may hold the characters that JSON pointers escape', () => {
    const text = taskText().replace('name: photos', 'name: photos\n  labels: { "a/b~c": 1 }');
    expect(parse(text).problems).toMatchObject([
      { message: 'metadata.labels.a/b~c must be text; found the number 1', line: 5 },
    ]);
  });

  test('a long one is cut', () => {
    expect(problemsOf(`${'k'.repeat(200)}: 1`)[0]?.message).toContain(`${'k'.repeat(60)}…`);
  });
});

describe('values', () => {
  test.each([
    ['transferMode: MIRROR', 'CS014 spec.transferMode must be SYNC or COPY or MOVE; found "MIRROR"', null],
    ['transferMode: copy', 'CS014 spec.transferMode must be SYNC or COPY or MOVE; found "copy"', 'did you mean COPY?'],
    ['direction: 5', 'CS014 spec.direction must be PUSH or PULL; found the number 5', null],
    ['transfers: 0', 'CS015 spec.transfers must be at least 1', 'for example transfers: 8'],
    ['transfers: 1000', 'CS015 spec.transfers must be at most 256', 'for example transfers: 8'],
    ['timeout: soon', 'CS016 spec.timeout has the wrong format; found "soon"', 'for example timeout: "6h"'],
    ['exclude: [""]', 'CS015 spec.exclude[0] must have a length of at least 1', null],
  ])('%s', (line, message, hint) => {
    const problems = problemsOf(line);
    expect(messages(problems)).toEqual([message]);
    expect(problems[0]?.hint).toBe(hint);
  });

  test('of the version', () => {
    const text = taskText().replace('cloudsync/v1', 'cloudsync/v2');
    expect(parse(text).problems).toMatchObject([
      {
        code: 'CS010',
        message: 'apiVersion must be cloudsync/v1; found "cloudsync/v2"',
        hint: 'did you mean cloudsync/v1?',
      },
    ]);
    expect(messages(parse(taskText().replace('cloudsync/v1', '1')).problems)).toEqual([
      'CS010 apiVersion must be cloudsync/v1; found the number 1',
    ]);
  });

  test('of the name', () => {
    const named = (name: string) => messages(parse(taskText([], name)).problems);
    expect(named('a'.repeat(52))).toEqual([]);
    expect(named('a'.repeat(53))).toEqual(['CS015 metadata.name must have a length of at most 52']);
    expect(named('Photos')).toEqual(['CS016 metadata.name has the wrong format; found "Photos"']);
    expect(named('-a')).toEqual(['CS016 metadata.name has the wrong format; found "-a"']);
  });
});

test('a spec that is not a map stops nothing', () => {
  const head = 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: a }\n';
  expect(messages(parse(`${head}spec: []\n`).problems)).toEqual(['CS013 spec must be a map; found a list']);
  expect(messages(parse(head).problems)).toEqual(['CS011 the manifest needs the key "spec"']);
});
