import { describe, expect, test } from 'vitest';
import { type Comparison, comparisonArguments, parseCompared } from '../../src/rclone/comparison.ts';
import { passingFlags } from '../../src/rclone/passing-flag.ts';

const plain: Comparison = {
  operation: 'check',
  source: '/a',
  destination: 'remote:b',
  by: 'hash',
  oneWay: false,
  bandwidthLimit: [],
  followSymlinks: false,
  fastList: false,
  input: 'nothing',
  flags: {},
  verbose: false,
};

describe('the arguments', () => {
  test('ask for a line for each file, and end with the sides', () => {
    const given = comparisonArguments(plain);
    expect(given.slice(0, 3)).toEqual(['check', '--combined', '-']);
    expect(given.slice(-3)).toEqual(['--', '/a', 'remote:b']);
    expect(given).not.toContain('--one-way');
    expect(given).not.toContain('--download');
  });

  test('carry what the task says', () => {
    const limit = [{ weekday: null, time: null, limit: { up: 1024, down: 1024 } }];
    const given = comparisonArguments({
      ...plain,
      by: 'content',
      bandwidthLimit: limit,
      followSymlinks: true,
      fastList: true,
      input: 'filters',
      flags: { checkers: 2 },
    }).join(' ');
    expect(given).toContain('--download --bwlimit 1024b --copy-links --fast-list --checkers=2 --filter-from - --');
  });

  test('compare named files by their size, from one side', () => {
    const given = comparisonArguments({ ...plain, by: 'size', input: 'names', oneWay: true }).join(' ');
    expect(given).toContain('--size-only --one-way --files-from-raw - --');
  });
});

test('a line of the result is a sign, a blank and a path', () => {
  expect(['= a b', '* c', '+ d', '- e', '! f'].map(parseCompared)).toEqual([
    { found: 'equal', path: 'a b' },
    { found: 'differing', path: 'c' },
    { found: 'missing', path: 'd' },
    { found: 'extra', path: 'e' },
    { found: 'error', path: 'f' },
  ]);
  expect(['?', '~ what is this', '', 'toString a'].map(parseCompared)).toEqual([null, null, null, null]);
});

test('flags that say which files are transferred do not pass', () => {
  expect(passingFlags({ checkers: 8, 'max-transfer': '1M', 'ignore-existing': true, 'no-check-dest': true })).toEqual({
    checkers: 8,
  });
});
