import { describe, expect, test } from 'vitest';
import type { ActiveTask } from '../../src/model/active.ts';
import { parseState, stateDocument } from '../../src/state/state-export.ts';
import { activeTask, taskSpec } from '../helper/build.ts';

const tasksDirectory = '/srv/tasks.d';
const photos = activeTask('photos', { labels: { team: 'media' } });
const music = activeTask('music', { spec: taskSpec({ schedule: null }) });

function exported(...tasks: readonly ActiveTask[]): string {
  return JSON.stringify(stateDocument({ tasksDirectory, tasks: new Map(tasks.map((task) => [task.name, task])) }));
}

interface Written {
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

/** The first task of an export with other fields. */
function withFirst(part: object): string {
  const document = JSON.parse(exported(photos)) as Written;
  return JSON.stringify({ ...document, tasks: [{ ...document.tasks[0], ...part }] });
}

describe('an exported state', () => {
  test('is read again as it was', () => {
    expect(parseState(exported(photos, music))).toEqual({
      ok: true,
      value: {
        tasksDirectory,
        tasks: new Map([
          ['music', music],
          ['photos', photos],
        ]),
      },
    });
  });

  test('does not depend on the order of the tasks, and tells times in words', () => {
    expect(exported(photos, music)).toBe(exported(music, photos));
    const [first] = (JSON.parse(exported(photos)) as Written).tasks;
    expect(first).toMatchObject({
      appliedAt: expect.stringMatching(/Z$/),
      scheduledSince: expect.stringMatching(/Z$/),
    });
  });

  test.each([
    ['not JSON', 'hello', /^is no JSON/],
    ['a plan', '{"formatVersion":"1.0"}', /^is no exported state.*state pull/],
    ['of a later version', JSON.stringify({ apiVersion: 'cloudsync/v2', kind: 'CloudSyncState' }), /cloudsync\/v2/],
    ['without tasks', JSON.stringify({ apiVersion: 'cloudsync/v1', kind: 'CloudSyncState' }), /^is no whole state/],
    ['with another spec than its hash says', withFirst({ spec: music.spec }), /tasks\[0\] \(photos\): .*hash/],
    ['with a time that is none', withFirst({ appliedAt: 'yesterday' }), /tasks\[0\] \(photos\)/],
    ['with a task without a name', withFirst({ name: undefined }), /tasks\[0\]: /],
    [
      'with a task twice',
      JSON.stringify({
        ...{ apiVersion: 'cloudsync/v1', kind: 'CloudSyncState', tasksDirectory },
        tasks: [...(JSON.parse(exported(photos)) as Written).tasks, ...(JSON.parse(exported(photos)) as Written).tasks],
      }),
      /^has two tasks named photos/,
    ],
  ])('%s is refused', (_, text, reason) => {
    const parsed = parseState(text);
    expect(parsed.ok ? 'taken' : parsed.error).toMatch(reason);
  });
});
