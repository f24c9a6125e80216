import { describe, expect, test } from 'vitest';
import {
  endedYet,
  healthyYet,
  type KnownTask,
  missingText,
  runsOf,
  syncedYet,
} from '../../src/command/wait-verdict.ts';
import type { RunStatus } from '../../src/model/status.ts';
import { activeTask, desired, resolvedTask, taskSpec } from '../helper/build.ts';
import { invalidManifest, invalidSet, planOf } from '../plan/plan-input.ts';

const photos = resolvedTask('photos');
const music = resolvedTask('music');

function known(part: Partial<KnownTask> = {}): KnownTask {
  const applied = { generation: 1, specHash: photos.specHash, revision: null, at: '' };
  return { sync: 'Synced', health: 'Healthy', applied, lastRun: null, ...part };
}

function run(id: string, part: Partial<RunStatus> = {}): KnownTask {
  return known({ lastRun: { id, outcome: 'Succeeded', lastError: null, ...part } as RunStatus });
}

describe('synced', () => {
  const plan = planOf(desired([photos]), [activeTask('photos')]);

  test('is what is applied, once the daemon says so too', () => {
    expect(syncedYet([], plan, new Map([['photos', known()]]))).toEqual({ kind: 'done' });
    expect(syncedYet(['photos'], plan, new Map([['photos', known({ sync: 'OutOfSync' })]]))).toEqual({
      ...{ kind: 'wait', missing: ['photos is OutOfSync'] },
    });
    const older = known({ applied: { generation: 1, specHash: 'sha256:0', revision: null, at: '' } });
    expect(syncedYet([], plan, new Map([['photos', older]]))).toMatchObject({ kind: 'wait' });
    expect(syncedYet([], plan, new Map())).toEqual({ kind: 'wait', missing: ['photos is not known to the daemon'] });
  });

  test('is not what differs yet, and only the named tasks count', () => {
    const changed = planOf(
      desired([resolvedTask('photos', { spec: taskSpec({ description: 'new' }) })], { files: 1 }),
      [...[activeTask('photos'), activeTask('films')]],
    );
    expect(syncedYet([], changed, new Map())).toEqual({
      ...{ kind: 'wait' },
      missing: ['films is still active and has no manifest', 'the manifest of photos is not applied'],
    });
    expect(syncedYet(['films'], changed, new Map())).toMatchObject({ missing: [expect.stringContaining('films')] });
  });

  test('never comes for what is invalid, blocked, or not there', () => {
    const invalid = planOf(desired([photos], { invalid: invalidSet([invalidManifest('x.yaml')]) }), []);
    expect(syncedYet([], invalid, new Map())).toMatchObject({
      kind: 'never',
      exitCode: 1,
      message: expect.stringContaining('x.yaml'),
    });
    expect(syncedYet(['photos'], invalid, new Map())).toMatchObject({ kind: 'wait' });
    expect(syncedYet(['nobody'], plan, new Map())).toMatchObject({ kind: 'never', message: 'there is no task nobody' });
    const blocked = planOf(desired([], { files: 0 }), [activeTask('photos')]);
    expect(syncedYet([], blocked, new Map())).toMatchObject({
      kind: 'never',
      exitCode: 3,
      message: expect.stringContaining('approve-prune'),
    });
  });
});

describe('healthy', () => {
  test('is every task that is not suspended, or each that is named', () => {
    const tasks = new Map([
      ['photos', known()],
      ['music', known({ health: 'Suspended' })],
    ]);
    expect(healthyYet([], tasks)).toEqual({ kind: 'done' });
    expect(healthyYet(['music'], tasks)).toEqual({ kind: 'wait', missing: ['music is Suspended'] });
    expect(healthyYet([], new Map([...tasks, ['films', known({ health: 'Unknown' })]]))).toEqual({
      ...{ kind: 'wait', missing: ['films is Unknown'] },
    });
  });
});

describe('run', () => {
  const before = runsOf([photos.name, music.name], new Map([['photos', run('photos-1')]]));

  test('is a run that ended since', () => {
    expect(before).toEqual(
      new Map([
        ['photos', 'photos-1'],
        ['music', null],
      ]),
    );
    const some = new Map([
      ['photos', run('photos-1')],
      ['music', run('music-1')],
    ]);
    expect(endedYet(['photos', 'music'], some, before)).toEqual({
      ...{ kind: 'wait', missing: ['no run of photos has ended'] },
    });
    expect(endedYet(['photos', 'music'], new Map([...some, ['photos', run('photos-2')]]), before)).toEqual({
      kind: 'done',
    });
  });

  test('that failed counts with its reason and its exit code', () => {
    const failed = (part: Partial<RunStatus>) =>
      endedYet(['photos'], new Map([['photos', run('photos-2', part)]]), before);
    expect(failed({ outcome: 'Failed', lastError: 'the disk is full' })).toEqual({
      ...{ kind: 'never', exitCode: 1, message: 'run photos-2 of photos: Failed: the disk is full' },
    });
    expect(failed({ outcome: 'Blocked' })).toMatchObject({ exitCode: 3 });
    expect(failed({ outcome: 'Skipped' })).toMatchObject({ exitCode: 75 });
  });
});

test('of many things that are missing, a few are named', () => {
  expect(missingText(['a', 'b'])).toBe('a; b');
  expect(missingText(['a', 'b', 'c', 'd', 'e'])).toBe('a; b; c; and 2 more');
});
