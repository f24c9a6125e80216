import { describe, expect, test } from 'vitest';
import { messages, parse, taskText } from './manifest-builder.ts';

function annotated(line: string): string {
  return taskText().replace('name: photos\n', `name: photos\n  annotations: { ${line} }\n`);
}

describe('annotations', () => {
  test.each([
    'owner: media',
    'cloudsync/prune: disabled',
    'cloudsync/run-at: "2026-01-04T03:00:00Z"',
    'cloudsync/reconcile-at: "1"',
  ])('%s', (line) => {
    expect(messages(parse(annotated(line)).problems)).toEqual([]);
  });

  test.each([
    ['cloudsync/prun: disabled', 'CS046 there is no annotation "cloudsync/prun"', 'did you mean cloudsync/prune?'],
    [
      'cloudsync/mail-to: me',
      'CS046 there is no annotation "cloudsync/mail-to"',
      expect.stringContaining('there are '),
    ],
    ['cloudsync/prune: enabled', 'CS014 cloudsync/prune must be disabled; found "enabled"', expect.anything()],
    ['cloudsync/run-at: " "', 'CS015 cloudsync/run-at must not be empty', expect.stringContaining('new each time')],
  ])('%s is refused', (line, message, hint) => {
    const { problems, task } = parse(annotated(line));
    expect(messages(problems)).toEqual([message]);
    expect(problems).toMatchObject([{ line: 5, hint }]);
    expect(task).toBeNull();
  });
});
