import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endedEarly } from '../../../src/run/ending.ts';
import { buildJob, type Job } from '../../../src/run/job.ts';
import { narrowed } from '../../../src/run/mode/narrow.ts';
import type { Rehearsal } from '../../../src/run/rehearsal.ts';
import { resolvedTask, taskSpec } from '../../helper/build.ts';

function jobOf(rcloneFlags: Job['transfer']['flags'] = {}): Job {
  const local = { root: '/s', selection: null, missing: [], leftOut: [], empty: [], absentMarker: null };
  const task = resolvedTask('photos', { spec: taskSpec({ transferMode: 'SYNC', rcloneFlags, exclude: ['*.tmp'] }) });
  return buildJob(task, { local, remote: 'remote:d', dryRun: false, verbose: false, backupName: 'run-1' });
}

function rehearsal(part: Partial<Record<'copies' | 'deletes' | 'others' | 'places', readonly string[]>>): Rehearsal {
  const setOf = (names: readonly string[] = []) => new Set(names);
  return {
    ...{ ending: endedEarly('Failed', ''), complete: true, unreadable: null, acts: 1, destinationFiles: 0, pairs: 0 },
    ...{ undecryptable: 0, messages: [], copies: setOf(part.copies), deletes: setOf(part.deletes) },
    ...{ others: setOf(part.others), places: setOf(part.places) },
  };
}

function linesOf(job: Job | null | undefined): readonly string[] {
  return job?.filters?.split('\n').slice(0, -1).sort() ?? [];
}

describe('a run held to names', () => {
  test('writes by a copy and deletes by a sync, and names every file of the rehearsal', () => {
    const named = { copies: ['a', 'd/b'], deletes: ['old'], others: ['c'], places: ['d'] };
    const found = narrowed(jobOf(), rehearsal(named));
    expect(linesOf(found?.write)).toEqual(['a', 'c', 'd/b']);
    expect(found?.write?.transfer).toMatchObject({ namesOnly: true, operation: 'copy' });
    expect(linesOf(found?.remove)).toEqual(['old']);
    expect(found?.remove?.transfer).toMatchObject({ namesOnly: true, operation: 'sync' });
  });

  test('lists both forms of a name in Unicode', () => {
    expect(linesOf(narrowed(jobOf(), rehearsal({ copies: ['é'] }))?.write)).toEqual(['é', 'é'.normalize('NFD')].sort());
  });

  test.each([
    ['nothing is named', {}, {}],
    ['a folder without such files is made or removed', { copies: ['a'], places: ['empty'] }, {}],
    ['a file is in the way of a folder', { copies: ['x/a'], deletes: ['x'] }, {}],
    ['a name has a line break', { copies: ['a\nb'] }, {}],
    ['a name mixes the forms of Unicode', { copies: [`é${'é'.normalize('NFD')}`] }, {}],
    ['renames are tracked', { copies: ['a'] }, { 'track-renames': true }],
    ['case is ignored', { copies: ['a'] }, { 'ignore-case-sync': true }],
  ])('is not possible where %s', (_where, part, flags) => {
    expect(narrowed(jobOf(flags), rehearsal(part))).toBeNull();
  });

  test('never names less than the rehearsal', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(names, names, (copies, deletes) => {
        const found = narrowed(jobOf(), rehearsal({ copies, deletes }));
        if (found === null) return;
        expect(linesOf(found.write)).toEqual(expect.arrayContaining(copies));
        expect(linesOf(found.remove)).toEqual(expect.arrayContaining(deletes));
      }),
    );
  });
});
