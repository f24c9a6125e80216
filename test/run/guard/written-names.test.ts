import { mkdir, symlink } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeByName } from '../../../src/place/named-place.ts';
import { compileFilters } from '../../../src/rclone/filter-compiler.ts';
import { filterList } from '../../../src/rclone/filter-rule.ts';
import { judgePath } from '../../../src/rclone/filter-verdict.ts';
import { isBackup, isWritten, namesAreKnown, omissionOf } from '../../../src/run/guard/written-names.ts';
import { remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { rclone } from '../../helper/real-rclone.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

const part = fc.string({ unit: fc.constantFrom(...'ab*?[]{}\\-!#+ .^$é'), minLength: 1, maxLength: 6 });
const name = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .filter((parts) => !parts.some((each) => each === '.' || each === '..'))
  .map((parts) => parts.join('/'));

function withBackup(backupFolder: string) {
  return taskSpec({ safety: { ...taskSpec().safety, backupFolder } });
}

describe('the excludes that leave out a link', () => {
  test('leave out its name, and all below it, for rclone', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (link) => {
        const omission = await omissionOf(link, '/nonexistent/link', taskSpec());
        fc.pre(omission !== null);
        expect(omission.isMade).toBe(false);
        const spec = taskSpec({ exclude: omission.patterns });
        expect(await omissionOf(link, '/nonexistent/link', spec)).toMatchObject({ isMade: true });
        const filters = await compileFilters(rclone, filterList(spec, null), process.env);
        if (!filters.ok) throw new Error(filters.error);
        for (const path of [link, `${link}/x`, `${link}/y/z`]) {
          expect(judgePath(path, filters.value).result, path).toBe('excluded');
        }
      }),
      { numRuns: 12 },
    );
  });

  test('fit what it leads to', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('folder'));
    await directory.write('file', 'f');
    for (const to of ['folder', 'file', 'nothing']) await symlink(to, directory.at(`to-${to}`));
    const patterns = (to: string) => omissionOf('l', directory.at(`to-${to}`), taskSpec());
    expect(await patterns('folder')).toEqual({ patterns: ['/l/**'], isMade: false });
    expect(await patterns('file')).toEqual({ patterns: ['/l'], isMade: false });
    expect(await patterns('nothing')).toEqual({ patterns: ['/l', '/l/**'], isMade: false });
  });

  test.each(['new\nline', ' blank', 'picture\u240a', 'a\uff0fb'])('are not known for %j', async (link) => {
    expect(await omissionOf(link, '/nonexistent', taskSpec())).toBeNull();
  });

  test.each(['kept', 'kept/bin', 'kept/bin/old'])('hold for nothing at the backup folder: %s', async (link) => {
    expect(await omissionOf(link, '/nonexistent', withBackup('kept/bin'))).toBeNull();
  });
});

test('what a run writes are the chosen names, in any spelling, and its backups', () => {
  expect(isWritten('other/x', taskSpec(), null)).toBe(true);
  expect(isWritten('other/x', taskSpec(), ['a'])).toBe(false);
  expect(isWritten('A/x', taskSpec(), ['a'])).toBe(true);
  expect(isWritten('.trash', withBackup('.trash/old'), ['a'])).toBe(true);
  expect(isBackup('.trash', withBackup('.trash/old'))).toBe(false);
  expect(isBackup('.trash/older', withBackup('.trash/old'))).toBe(false);
  expect(isBackup('.trash/old/x', withBackup('.trash/old'))).toBe(true);
});

test('names are one at both sides unless they are encrypted, or fold, or nobody knows what is between', () => {
  const place = placeByName('/remote');
  const folding = { ...place, regions: place.regions.map((region) => ({ ...region, folds: true })) };
  const encryption = { password: { fromEnv: 'KEY' }, salt: null, filenames: false };
  expect(namesAreKnown(resolvedTask(), place)).toBe(true);
  expect(namesAreKnown(resolvedTask(), folding)).toBe(false);
  expect(namesAreKnown(resolvedTask('photos', { spec: taskSpec({ encryption }) }), place)).toBe(false);
  expect(namesAreKnown(resolvedTask('photos', { spec: taskSpec({ encryption, direction: 'PULL' }) }), place)).toBe(
    true,
  );
  const section = remoteLocation({ credential: null, rcloneRemote: 'box' });
  const task = resolvedTask('photos', { spec: taskSpec({ remote: section }), credential: null });
  expect(namesAreKnown(task, place)).toBe(false);
});
