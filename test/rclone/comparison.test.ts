import { describe, expect, test } from 'vitest';
import { maxCheckedFiles, noCounts } from '../../src/model/check.ts';
import {
  addCompared,
  addTrouble,
  type Comparison,
  comparisonArguments,
  emptyTally,
  swapSides,
} from '../../src/rclone/comparison.ts';
import { parseLogLine } from '../../src/rclone/log-line.ts';
import { passingFlags } from '../../src/rclone/passing-flag.ts';

const plain: Comparison = {
  ...{ operation: 'check', source: '/a', destination: 'remote:b', download: false, bandwidthLimit: [] },
  ...{ followSymlinks: false, fastList: false, hasFilters: false, onlyListed: false, flags: {} },
};

describe('the arguments', () => {
  test('ask for a line for each file, and end with the sides', () => {
    const given = comparisonArguments(plain);
    expect(given.slice(0, 3)).toEqual(['check', '--combined', '-']);
    expect(given.slice(-3)).toEqual(['--', '/a', 'remote:b']);
    expect(given).not.toContain('--one-way');
  });

  test('carry what the task says', () => {
    const limit = [{ weekday: null, time: null, limit: { up: 1024, down: 1024 } }];
    const given = comparisonArguments({
      ...{ ...plain, download: true, bandwidthLimit: limit, followSymlinks: true, fastList: true },
      ...{ hasFilters: true, flags: { checkers: 2 } },
    }).join(' ');
    expect(given).toContain('--download --bwlimit 1024b --copy-links --fast-list --checkers=2 --filter-from - --');
  });
});

describe('a tally', () => {
  test('counts each sign, and names what is not equal', () => {
    const lines = ['= same', '* differs', '+ only here', '- only there', '! broken', '?', '~ what is this', ''];
    const tally = lines.reduce(addCompared, emptyTally);
    expect(tally.counts).toEqual({ equal: 1, differing: 1, missing: 1, extra: 1, errors: 1 });
    expect(tally.files).toEqual([
      { found: 'differing', path: 'differs' },
      { found: 'missing', path: 'only here' },
      { found: 'extra', path: 'only there' },
      { found: 'error', path: 'broken' },
    ]);
  });

  test('names no more than it can keep', () => {
    const lines = Array.from({ length: maxCheckedFiles + 5 }, (_each, index) => `+ ${index}`);
    const tally = lines.reduce(addCompared, emptyTally);
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

  test('can be seen from the other side', () => {
    const tally = swapSides(['+ a', '+ b', '- c', '* d', '! e'].reduce(addCompared, emptyTally));
    expect(tally.counts).toEqual({ equal: 0, differing: 1, missing: 1, extra: 2, errors: 1 });
    expect(tally.files.map(({ found }) => found)).toEqual(['extra', 'extra', 'missing', 'differing', 'error']);
  });
});

test('flags that say which files are transferred do not pass', () => {
  expect(passingFlags({ checkers: 8, 'max-transfer': '1M', 'ignore-existing': true, 'no-check-dest': true })).toEqual({
    checkers: 8,
  });
});
