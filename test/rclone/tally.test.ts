import { describe, expect, test } from 'vitest';
import { maxCheckedFiles, noCounts } from '../../src/model/check.ts';
import { parseCompared } from '../../src/rclone/comparison.ts';
import { parseLogLine } from '../../src/rclone/log-line.ts';
import { addCompared, addTrouble, emptyTally, swapSides } from '../../src/rclone/tally.ts';

function tallied(lines: readonly string[]) {
  return lines
    .map(parseCompared)
    .filter((line) => line !== null)
    .reduce(addCompared, emptyTally);
}

describe('a tally', () => {
  test('counts each sign, and names what is not equal', () => {
    const lines = ['= same', '* differs', '+ only here', '- only there', '! broken'];
    const tally = tallied(lines);
    expect(tally.counts).toEqual({ ...noCounts, equal: 1, differing: 1, missing: 1, extra: 1, errors: 1 });
    expect(tally.files).toEqual([
      { found: 'differing', path: 'differs' },
      { found: 'missing', path: 'only here' },
      { found: 'extra', path: 'only there' },
      { found: 'error', path: 'broken' },
    ]);
  });

  test('names no more than it can keep', () => {
    const lines = Array.from({ length: maxCheckedFiles + 5 }, (_each, index) => `+ ${index}`);
    const tally = tallied(lines);
    expect(tally.counts.missing).toBe(maxCheckedFiles + 5);
    expect(tally.files).toHaveLength(maxCheckedFiles);
  });

  test('knows differences, which rclone calls errors, from what went wrong', () => {
    const said = [
      ...[
        'file not in Local file system at b',
        'sizes differ',
        'md5 differ',
        'contents differ',
        'hashes differ (cr:) "a"',
      ],
      'failed to open directory "x": permission denied',
    ].map((msg) => parseLogLine(JSON.stringify({ level: 'error', msg, object: 'x' })));
    expect(said.reduce(addTrouble, emptyTally)).toMatchObject({ troubles: 1, sizesOnly: false, counts: noCounts });
  });

  test('notes that there was no hash to compare', () => {
    const msg = 'No common hash found - not using a hash for checks';
    const tally = addTrouble(emptyTally, parseLogLine(JSON.stringify({ level: 'error', msg })));
    expect(tally).toMatchObject({ sizesOnly: true, troubles: 0 });
    const notice = parseLogLine(JSON.stringify({ level: 'notice', msg: '4 differences found', object: 'x' }));
    expect(addTrouble(emptyTally, notice)).toBe(emptyTally);
  });

  test('hears how many hashes could not be compared, at the level of either version', () => {
    for (const level of ['warning', 'notice']) {
      const line = { level, msg: '3 hashes could not be checked', object: 'webdav root', objectType: '*webdav.Fs' };
      expect(addTrouble(emptyTally, parseLogLine(JSON.stringify(line))).unhashed).toBe(3);
    }
  });

  test('names what rclone passes over, and what it leaves out', () => {
    const said = [
      { level: 'notice', msg: 'Duplicate object found in source - ignoring', object: 'a.txt' },
      { level: 'warning', msg: 'Duplicate directory found in destination - ignoring', object: 'b' },
      { level: 'error', msg: 'Entry doesn\'t belong in directory "in" (contains subdir) - ignoring', object: 'in//b' },
      { level: 'notice', msg: "Can't follow symlink without -L/--copy-links", object: 'link' },
      { level: 'debug', msg: 'Skipping undecryptable file name: not a multiple of blocksize', object: 'odd' },
    ].map((line) => parseLogLine(JSON.stringify(line)));
    const tally = said.reduce(addTrouble, emptyTally);
    expect(tally.counts).toEqual({ ...noCounts, passedOver: 3, leftOut: 2 });
    expect(tally.collisions).toEqual([
      { side: 'source', path: 'a.txt' },
      { side: 'destination', path: 'b' },
    ]);
    expect(tally.files).toMatchObject([{ found: 'passedOver', path: 'in//b' }]);
    expect(tally.leftOut).toEqual(['link (a symbolic link)', 'odd (its name cannot be decrypted)']);
    expect(tally.troubles).toBe(0);
    expect(swapSides(tally).collisions[0]?.side).toBe('destination');
  });

  test('can be seen from the other side', () => {
    const tally = swapSides(tallied(['+ a', '+ b', '- c', '* d', '! e']));
    expect(tally.counts).toEqual({ ...noCounts, differing: 1, missing: 1, extra: 2, errors: 1 });
    expect(tally.files.map(({ found }) => found)).toEqual(['extra', 'extra', 'missing', 'differing', 'error']);
  });
});
