import { expect, test } from 'vitest';
import { listed, plural } from '../../src/model/wording.ts';

test('only one of a thing is without an s', () => {
  expect([0, 1, 2].map((count) => plural(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
});

test('names past the most that are shown are counted', () => {
  const names = ['a', 'b', 'c'];
  expect([1, 2, 3, 4].map((most) => listed(names, most))).toEqual([
    'a and 2 more',
    'a, b and 1 more',
    'a, b, c',
    'a, b, c',
  ]);
});
