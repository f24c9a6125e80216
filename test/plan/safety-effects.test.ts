import { describe, expect, test } from 'vitest';
import type { Safety, TaskSpec } from '../../src/model/task.ts';
import { fieldDiff } from '../../src/plan/field-diff.ts';
import { activeTask, desired, remoteLocation, resolvedTask, schedule, taskSpec } from '../helper/build.ts';
import { only, planOf } from './plan-input.ts';

function effectsOf(before: TaskSpec, after: TaskSpec): readonly string[] {
  const plan = planOf(desired([resolvedTask('photos', { spec: after })]), [activeTask('photos', { spec: before })]);
  return only(plan).effects.map(({ code, danger, message }) => `${code}${danger ? '!' : ''} ${message}`);
}

function safetyOf(before: Partial<Safety>, after: Partial<Safety>, spec: Partial<TaskSpec> = {}): readonly string[] {
  const { safety } = taskSpec();
  return effectsOf(
    taskSpec({ ...spec, safety: { ...safety, ...before } }),
    taskSpec({ ...spec, safety: { ...safety, ...after } }),
  );
}

const sync = { transferMode: 'SYNC' } as const;
const trash = { backupFolder: '.trash' };
const keeps = (place: string) =>
  `replaced and deleted files are kept under ${place}, for each run in a folder of its own`;

describe('a backup folder', () => {
  test('is told when it is set', () => {
    expect(safetyOf({}, trash)).toEqual([`BackupsChanged ${keeps('/remote/photos/.trash')}`]);
    expect(safetyOf({}, trash, { direction: 'PULL' })).toEqual([`BackupsChanged ${keeps('/data/photos/.trash')}`]);
    const section = remoteLocation({ credential: null, rcloneRemote: 'nas', folder: '' });
    expect(safetyOf({}, trash, { remote: section })).toEqual([`BackupsChanged ${keeps('nas:.trash')}`]);
    expect(safetyOf({}, trash, { direction: 'PULL', paths: ['/'] })).toEqual([`BackupsChanged ${keeps('/.trash')}`]);
  });

  test('is missed when it goes, and what it holds goes with it under SYNC', () => {
    const gone = 'BackupsChanged! replaced and deleted files will no longer be kept; those under /remote/photos/.trash';
    expect(safetyOf(trash, {})).toEqual([`${gone} stay there`]);
    expect(safetyOf(trash, {}, sync)).toEqual([`${gone} will be deleted`]);
    expect(safetyOf(trash, {}, { ...sync, paths: ['/data/a', '/data/b'] })).toEqual([`${gone} stay there`]);
  });

  test('may change, or stay behind when the destination moves', () => {
    expect(safetyOf(trash, { backupFolder: '.old' }, sync)).toEqual([
      `BackupsChanged! ${keeps('/remote/photos/.old')}; those under /remote/photos/.trash will be deleted`,
    ]);
    const { safety } = taskSpec();
    const before = taskSpec({ ...sync, safety: { ...safety, ...trash } });
    const moved = effectsOf(before, taskSpec({ ...sync, remote: remoteLocation({ folder: 'b' }) }));
    expect(moved).toContainEqual(expect.stringMatching(/those under \/remote\/photos\/\.trash stay there$/));
    expect(safetyOf(trash, trash, sync)).toEqual([]);
  });

  test('is part of what a run does', () => {
    const { safety } = taskSpec();
    const after = taskSpec({ ...sync, safety: { ...safety, ...trash } });
    expect(effectsOf(taskSpec({ safety: { ...safety, ...trash } }), after)).toEqual([
      'DeletesAtDestination! COPY → SYNC: files under /remote/photos that are not in /data/photos will be deleted, ' +
        'and kept under /remote/photos/.trash',
    ]);
  });
});

describe('a marker', () => {
  const marker = { requireMarker: '.here' };

  test('is asked for from now on', () => {
    const asked = 'GuardChanged runs are blocked unless the file .here is there, at /data/photos';
    expect(safetyOf({}, marker)).toEqual([asked]);
    expect(safetyOf({ requireMarker: '.there' }, marker, sync)).toEqual([asked]);
    expect(safetyOf(marker, marker)).toEqual([]);
  });

  test('is no longer asked for, which matters where files are deleted', () => {
    const message =
      'runs no longer need the file .here, so that they start on /data/photos even if no disk is mounted there';
    expect(safetyOf(marker, {})).toEqual([`GuardChanged ${message}`]);
    expect(safetyOf(marker, {}, sync)).toEqual([`GuardChanged! ${message}`]);
    expect(safetyOf(marker, {}, { transferMode: 'MOVE' })).toEqual([`GuardChanged! ${message}`]);
  });
});

describe('the retention of backups', () => {
  const day = 86_400_000;
  const folder = { backupFolder: '.trash' };
  const kept = (days: number) => ({ ...folder, backupRetentionMs: days * day });
  const message = (days: number) =>
    `folders under /remote/photos/.trash of runs longer ago than ${days}d will be deleted after a successful run`;

  test('is a danger where it is new, or comes sooner', () => {
    expect(safetyOf(folder, kept(30))).toEqual([`BackupsChanged! ${message(30)}`]);
    expect(safetyOf(kept(30), kept(7))).toEqual([`BackupsChanged! ${message(7)}`]);
    expect(safetyOf(kept(30), kept(60))).toEqual([`BackupsChanged ${message(60)}`]);
    expect(safetyOf(kept(30), folder)).toEqual([
      'BackupsChanged what earlier runs set aside is no longer deleted after a time',
    ]);
    expect(safetyOf(kept(30), kept(30))).toEqual([]);
  });
});

describe('a marker at the destination', () => {
  const far = { requireMarker: '.here', requireDestinationMarker: true };
  const near = { requireMarker: '.here' };

  test('is asked for from now on', () => {
    expect(safetyOf(near, far)).toEqual([
      'GuardChanged runs are blocked unless the file .here is at /remote/photos too',
    ]);
    expect(safetyOf(far, far)).toEqual([]);
    expect(safetyOf(near, far, { direction: 'PULL' })[0]).toContain('is at /remote/photos too');
  });

  test('is no longer asked for, which matters where files are deleted', () => {
    const message = 'runs no longer need a marker at /remote/photos, so that they start whatever is there';
    expect(safetyOf(far, near)).toEqual([`GuardChanged ${message}`]);
    expect(safetyOf(far, near, sync)).toEqual([`GuardChanged! ${message}`]);
  });
});

test('folders that are deleted at the source are a danger, once', () => {
  const move = { transferMode: 'MOVE' } as const;
  const emptied = { ...move, deleteEmptySourceDirectories: true };
  const message = 'MovesFromSource! folders in /data/photos that are empty after a run will be deleted';
  expect(effectsOf(taskSpec(move), taskSpec(emptied))).toEqual([message]);
  expect(effectsOf(taskSpec(emptied), taskSpec(emptied))).toEqual([]);
});

test('an active set of an earlier version knows neither markers nor checks', () => {
  const { verify: _verify, ...spec } = taskSpec();
  const { requireMarker: _marker, requireDestinationMarker: _far, backupRetentionMs: _kept, ...safety } = spec.safety;
  const { deleteEmptySourceDirectories: _empty, ...others } = spec;
  const earlier: unknown = JSON.parse(JSON.stringify({ ...others, safety }));
  expect(effectsOf(earlier as TaskSpec, taskSpec())).toEqual([]);
  const before = resolvedTask('photos', { spec: earlier as TaskSpec });
  expect(fieldDiff(before, resolvedTask())).toEqual([]);
});

test('an active set of an earlier version knows no sample', () => {
  const { sample: _, ...verify } = { schedule: schedule(), sample: 0 };
  const earlier: unknown = JSON.parse(JSON.stringify({ ...taskSpec(), verify }));
  const now = taskSpec({ verify: { schedule: schedule(), sample: 0 } });
  expect(effectsOf(earlier as TaskSpec, now)).toEqual([]);
  const before = resolvedTask('photos', { spec: earlier as TaskSpec });
  expect(fieldDiff(before, resolvedTask('photos', { spec: now }))).toEqual([]);
});

describe('runs', () => {
  const replaced = 'RunsReplaced concurrency Replace: a run in flight will be stopped when the next one comes due';
  const weekly = { schedule: schedule({ cron: '0 6 * * 0' }), sample: 0 };
  const compared = 'VerifyChanged both sides are compared by the schedule 0 6 * * 0';

  test.each<[string, Partial<TaskSpec>, Partial<TaskSpec>, readonly string[]]>([
    ['that replace each other', {}, { concurrency: 'Replace' }, [replaced]],
    ['that replace each other as before', { concurrency: 'Replace' }, { concurrency: 'Replace' }, []],
    ['that wait', { concurrency: 'Replace' }, { concurrency: 'Queue' }, []],
    ['that are tried again', {}, { retry: { limit: 0, backoffMs: 1000 } }, []],
    ['that are compared', {}, { verify: weekly }, [`${compared} Europe/Berlin`]],
    [
      'that are compared in the zone of the daemon',
      { verify: weekly },
      { verify: { schedule: schedule({ cron: '0 6 * * 0', timeZone: null }), sample: 0 } },
      [compared],
    ],
    [
      'that read files back',
      { verify: weekly },
      { verify: { ...weekly, sample: 20 } },
      [`${compared} Europe/Berlin, and up to 20 random files are read back in full each time`],
    ],
    [
      'that read no files back any more',
      { verify: { ...weekly, sample: 1 } },
      { verify: weekly },
      [`${compared} Europe/Berlin, and no files are read back any more`],
    ],
    [
      'that are compared no more',
      { verify: weekly },
      {},
      ['VerifyChanged both sides are no longer compared by a schedule'],
    ],
  ])('%s', (_, before, after, effects) => {
    expect(effectsOf(taskSpec(before), taskSpec(after))).toEqual(effects);
  });

  test('of a new task', () => {
    const task = resolvedTask('photos', { spec: taskSpec({ concurrency: 'Replace', verify: weekly }) });
    const messages = only(planOf(desired([task]), [])).effects.map(({ code, message }) => `${code} ${message}`);
    expect(messages.slice(1)).toEqual([replaced, `${compared} Europe/Berlin`]);
  });
});
