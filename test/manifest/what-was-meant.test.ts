import { describe, expect, test } from 'vitest';
import { providers } from '../../src/provider/registry.ts';
import { checkSchedule } from '../../src/schedule/times.ts';
import { credentialText, parse, taskText } from './manifest-builder.ts';

/** `LINE:COLUMN MESSAGE → HINT` of each problem. */
function told(text: string): readonly string[] {
  const { problems } = parse(text, 'a.yaml', { checkSchedule, providers });
  return problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} → ${hint}`);
}

describe('a slip in the writing is shown where it is', () => {
  test.each<readonly [string, string, string]>([
    ['one blank too many', taskText([' schedule: daily']), '9:4 this line begins after 3 blanks, and the one above it'],
    [
      'one blank too many before the first key',
      taskText().replace('  direction', '   direction'),
      '6:4 this line begins after 3 blanks, and the one below it after 2 blanks',
    ],
    ['one blank too few', taskText().replace('  path', ' path'), '7:2 this line begins after 1 blank'],
    [
      'a quote that is not closed',
      taskText(['description: "hello', 'enabled: true', 'exclude: ["*.tmp"]']),
      '9:16 a character is missing: the quote that begins here is not closed → close it with "',
    ],
    ['the same in a list', taskText(['exclude:', '  - "*.tmp', '  - "*.bak"', 'enabled: true']), '10:7 a character'],
    [
      'a quote in quotes',
      taskText(["description: 'it's mine'"]),
      "the text goes on after its closing quote → write ''",
    ],
    [
      'a merge conflict',
      `${taskText()}<<<<<<< HEAD\n  enabled: true\n=======\n  enabled: false\n>>>>>>> theirs\n`,
      '9:1 a merge conflict is not resolved here → keep one side',
    ],
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      '1:1 this is a pointer of Git LFS, and not the manifest itself → run git lfs pull',
    ],
    ['a directive', `# a comment\n%YAML 1.1\n---\n${taskText()}`, '2:1 a %YAML directive is not accepted'],
  ])('%s', (_, text, wanted) => {
    const problems = told(text);
    expect(problems).toEqual([expect.stringContaining(wanted)]);
  });
});

test.each<readonly [string, string]>([
  ['Daily', 'write daily, in small letters'],
  ['"02:00"', 'write "0 2 * * *" for 02:00 each day'],
  ['02:30', 'write "30 2 * * *" for 02:30 each day'],
  ['5m', 'write "*/5 * * * *"'],
  ['every 2 hours', 'write "0 */2 * * *"'],
  ['7m', 'there is no cron expression for every 7m'],
  ['1d', 'write daily'],
  ['nightly', 'write hourly, daily, weekly or monthly'],
  ['Sunday', 'write "0 0 * * 0" for that day at 00:00'],
  ['"0 0 L-3 * *"', 'write L for the last day of each month'],
])('the schedule %s', (written, hint) => {
  expect(told(taskText([`schedule: ${written}`]))).toEqual([expect.stringContaining(hint)]);
});

test.each<readonly [string, string]>([
  ['cron: "0 2 * * *"', 'cron belongs into spec.schedule'],
  ['timeZone: Europe/Berlin', 'timeZone belongs into spec.schedule'],
  ['bucket: photos', "TrueNAS's bucket is spec.remote.bucket here"],
  ['maxDelete: 5', 'maxDelete belongs into spec.safety'],
  ['bwlimit: "08:00,512"', "TrueNAS's bwlimit is spec.bandwidthLimit here"],
  ['credentials: 5', "TrueNAS's credentials is spec.remote.credential here"],
  ['attributes: {}', "TrueNAS's attributes is spec.remote here"],
  ['transfer_mode: SYNC', "TrueNAS's transfer_mode is spec.transferMode here"],
  ['chunk_size: 96', "TrueNAS's chunk_size is spec.uploadChunkSize here; with a unit: 96 MB there is 96Mi here"],
  ['snapshot: true', "TrueNAS's snapshot has no field here"],
  ['filename_encryption: true', "TrueNAS's filename_encryption is spec.encryption.filenames here"],
])('the key of %s', (line, hint) => {
  expect(told(taskText([line]))).toEqual([expect.stringContaining(hint)]);
});

test.each<readonly [string, string]>([
  ['maxDelete: "50"', 'write 50 without quotes for at most that many files, or "50%" for that share of the files'],
  ['maxDelete: "500"', 'write 500 without quotes for at most that many files'],
  ['maxDelete: 50 %', 'write "50%"'],
])('%s', (line, hint) => {
  expect(told(taskText([`safety: { ${line} }`]))).toEqual([expect.stringMatching(new RegExp(`→ ${hint}`))]);
});

test.each(['Photos', 'my_photos', '-photos-'])('the name %s', (name) => {
  const meant = name.toLowerCase().replace('_', '-').replaceAll(/^-|-$/g, '');
  expect(told(taskText([], name))).toEqual([expect.stringContaining(`→ write ${meant}: lower-case letters`)]);
});

describe('a credential with the names of TrueNAS', () => {
  test.each([
    ['GOOGLE_DRIVE', 'did you mean drive?'],
    ['OPENSTACK_SWIFT', 'did you mean swift?'],
    ['S3', 'did you mean s3?'],
    ['STORJ_IX', 'did you mean storj-ix?'],
    ['GOOGLE_CLOUD_STORAGE', 'did you mean google-cloud-storage?'],
    ['HUBIC', 'move the files to another provider'],
  ])('provider %s', (name, hint) => {
    expect(told(credentialText([], 'here', name))).toEqual([expect.stringContaining(hint)]);
  });

  test.each([
    ['s3', 'skip_region: true', 'leave it out'],
    ['s3', 'encryption: AES256', 'it is server_side_encryption here'],
    ['s3', 'signatures_v2: true', 'it is v2_auth here'],
    ['b2', 'chunk_size: 96', 'spec.uploadChunkSize of the task'],
    ['sftp', 'private_key: 1', 'it is key_file here'],
    ['sftp', 'username: backup', 'it is user here'],
    ['webdav', 'password: x', 'it is pass here'],
  ])('of %s: %s', (provider, line, hint) => {
    const problems = told(credentialText([line], 'here', provider));
    expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(hint)]));
  });
});

describe('a value that is usually another one', () => {
  const problemsOf = (value: string) =>
    parse(credentialText(['env_auth: true', `storage_class: ${value}`], 'here', 's3'), 'a.yaml', { providers })
      .problems;

  test.each(['STANDRD_IA', 'standard_ia', 'GLACIERR'])('%s is refused with what was meant', (value) => {
    expect(problemsOf(value)).toMatchObject([
      { code: 'CS044', severity: 'error', hint: expect.stringMatching(/^did you mean (STANDARD_IA|GLACIER)\?$/) },
    ]);
  });

  test('one that is near none of them may be the own one of the server', () => {
    expect(problemsOf('COLD_TAPE_42')).toMatchObject([{ code: 'CS044', severity: 'warning' }]);
    expect(problemsOf('STANDARD_IA')).toEqual([]);
  });
});
