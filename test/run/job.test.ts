import { describe, expect, test } from 'vitest';
import type { TaskSpec } from '../../src/model/task.ts';
import { buildJob } from '../../src/run/job.ts';
import type { LocalSide } from '../../src/run/local-side.ts';
import { taskSpec } from '../helper/build.ts';

const local: LocalSide = {
  root: '/data/photos',
  selection: null,
  missing: [],
  leftOut: [],
  empty: [],
  absentMarker: null,
};
const remote = 'remote:/remote/photos';
const snapshots = '- {.zfs,.snapshot,~snapshot,#snapshot,@Recently-Snapshot}/**\n';

function job(part: Partial<TaskSpec> = {}, dryRun = false) {
  return buildJob({ spec: taskSpec(part) }, { local, remote, dryRun, verbose: false, backupName: 'run-1' });
}

describe('buildJob', () => {
  test('PUSH goes from here to there, PULL from there to here', () => {
    expect(job()).toMatchObject({ transfer: { operation: 'copy', source: '/data/photos', destination: remote } });
    expect(job({ direction: 'PULL', transferMode: 'MOVE' }, true)).toMatchObject({
      transfer: { operation: 'move', source: remote, destination: '/data/photos', dryRun: true },
      filters: snapshots,
    });
  });

  test('filters are announced to rclone', () => {
    expect(job({ exclude: ['*.tmp'] })).toMatchObject({
      filters: `${snapshots}- *.tmp\n`,
      transfer: { hasFilters: true },
    });
  });
});
