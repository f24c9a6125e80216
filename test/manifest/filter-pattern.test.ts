import { describe, expect, test } from 'vitest';
import { checkFilterPattern } from '../../src/manifest/filter-pattern.ts';

describe('patterns that rclone takes and that mean what they say', () => {
  test.each([
    ...['*.tmp', '/cache/**', 'photos/', 'photos/**', '**/thumbs/*.png', 'Thumbs.db', '.DS_Store', 'a[0-9].jpg'],
    ...['*.{jpg,png}', '{{.*\\.(jpg|png)}}', '\\[2020\\] a*', 'IMG_????.jpg', '!important*'],
  ])('%s', (pattern) => {
    expect(checkFilterPattern(pattern)).toEqual([]);
  });
});

test.each([
  ['***', '*** is not a wildcard'],
  ['a/***/b', '*** is not a wildcard'],
  ['[a', 'opens a [ and does not close it'],
  ['{a,b', 'opens a { and does not close it'],
  ['a]', 'closes a [ that is not open'],
  ['a}', 'closes a { that is not open'],
  ['{a,{b,c}}', 'braces inside braces'],
  ['a\\', 'ends in a backslash'],
  ['a\n- *', 'one line'],
])('refuses %j', (pattern, reason) => {
  expect(checkFilterPattern(pattern)).toMatchObject([{ severity: 'error', message: expect.stringContaining(reason) }]);
});

test.each([
  ['photos', 'matches only files of exactly that name'],
  ['.git', 'matches only files of exactly that name'],
  ['#recycle/', 'and not a comment'],
  ['; note.txt', 'and not a comment'],
  ['- *.tmp', 'the sign is read as part of the name'],
  ['*.tmp ', 'part of the name'],
  ['/[2020] a/**', 'one character'],
  ['[My Photos]/', 'one character'],
])('warns of %j', (pattern, reason) => {
  expect(checkFilterPattern(pattern)).toMatchObject([
    { severity: 'warning', message: expect.stringContaining(reason) },
  ]);
});

test('a backslash takes the meaning from the next character', () => {
  expect(checkFilterPattern('\\{a\\]\\*\\*\\*.txt')).toEqual([]);
});

test('a character class may hold braces', () => {
  expect(checkFilterPattern('[{}]*')).toEqual([]);
});
