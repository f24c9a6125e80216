import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backupName, isBackupOf, timeOfBackup } from '../../src/run/backup-name.ts';
import { type Expiry, expiredBackups, mostExpired } from '../../src/run/expired-backups.ts';
import { runId } from '../../src/run/run-id.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 5, 15, 2);
const month: Expiry = { task: 'photos', retentionMs: 30 * day, now, lastSuccessAt: now - day };

function backup(daysAgo: number, task = 'photos'): string {
  return runId(task, now - daysAgo * day, true);
}

describe('the name of a backup', () => {
  test('tells the run and its time, whoever asked for it and whichever attempt it was', () => {
    const at = Date.UTC(2026, 0, 4, 2);
    for (const id of [runId('photos', at, true), runId('photos', at, false)]) {
      for (const attempt of [1, 2, 13]) {
        const name = backupName(id, attempt);
        expect([timeOfBackup(name), isBackupOf('photos', name)]).toEqual([at, true]);
      }
    }
  });

  test.each([
    ...['photos', 'photos-', 'old', 'photos-2026', 'photos-20260231t020000z', 'photos-20260104t250000z', '.photos'],
    ...[
      'photos-20260104t020000z-ABCDEF',
      'photos-20260104t020000z-abc',
      'x/photos-20260104t020000z',
      'photos-20260104t020000z/',
    ],
    ...[
      'photos-20260104t020000z.',
      'photos-20260104t020000z.2.x',
      'photos-20260104t020000z ',
      'photos-20260104t020000z\n',
    ],
  ])('is none: %j', (name) => {
    expect(expiredBackups([name, backup(0)], { ...month, retentionMs: 0 }).expired).toEqual([]);
  });

  test('of another task is not of this one, whichever name is the start of the other', () => {
    const other = runId('photos-20260104t020000z', now - 100 * day, true);
    expect(isBackupOf('photos', other)).toBe(false);
    expect(isBackupOf('photos-20260104t020000z', other)).toBe(true);
    expect(isBackupOf('photo', backup(100))).toBe(false);
  });
});

describe('backups that have expired', () => {
  test('are older than the retention, and never the newest', () => {
    const names = [backup(100), backup(32), backup(30), backup(1), `${backup(40)}.2`, 'mine', backup(90, 'other')];
    expect(expiredBackups(names, month)).toEqual({
      expired: [backup(100), `${backup(40)}.2`, backup(32)],
      later: 0,
      clockIsBehind: false,
    });
    expect(expiredBackups([backup(100), `${backup(100)}.2`], month).expired).toEqual([]);
    expect(expiredBackups([], month)).toEqual({ expired: [], later: 0, clockIsBehind: false });
  });

  test('are bounded in one run, the oldest first', () => {
    const names = Array.from({ length: 50 }, (_, index) => backup(40 + index));
    const { expired, later } = expiredBackups([...names, backup(0)], month);
    expect([expired.length, later, expired[0]]).toEqual([mostExpired, 50 - mostExpired, backup(89)]);
  });

  test('a clock that has jumped ahead deletes nothing that the last success would not have', () => {
    const future = { ...month, now: now + 3650 * day };
    expect(expiredBackups([backup(100), backup(20), backup(1)], future).expired).toEqual([backup(100)]);
  });

  test('a clock that is behind deletes nothing', () => {
    const behind = { expired: [], later: 0, clockIsBehind: true };
    expect(expiredBackups([backup(100), backup(0)], { ...month, now: now - 2 * day, lastSuccessAt: null })).toEqual(
      behind,
    );
    expect(expiredBackups([backup(100)], { ...month, lastSuccessAt: now + day })).toEqual(behind);
  });

  test('whatever there is: only own, old ones, never the newest or all, and never more than the bound', () => {
    const name = fc.oneof(
      fc.integer({ min: 0, max: 400 }).map((ago) => backup(ago)),
      fc.integer({ min: 0, max: 400 }).map((ago) => `${backup(ago)}.2`),
      fc.integer({ min: 0, max: 400 }).map((ago) => backup(ago, 'photos-2')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.nat({ max: 500 }), fc.nat({ max: 60 }), (names, later, since) => {
        const expiry = { ...month, now: now + later * day, lastSuccessAt: now - since * day };
        const { expired } = expiredBackups(names, expiry);
        const own = names.filter((each) => isBackupOf('photos', each));
        const newest = Math.max(...own.map((each) => timeOfBackup(each) ?? 0));
        expect(expired.length).toBeLessThanOrEqual(mostExpired);
        for (const each of expired) {
          expect(own).toContain(each);
          const at = timeOfBackup(each) ?? Number.NaN;
          expect(at).toBeLessThan(newest);
          expect(expiry.lastSuccessAt - at).toBeGreaterThan(30 * day);
        }
      }),
    );
  });
});
