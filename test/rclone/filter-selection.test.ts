import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterRules, transferArguments } from '../../src/rclone/arguments.ts';
import { otherNames, selectedRules } from '../../src/rclone/filter-selection.ts';
import { readTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary, run, transfer } from './real-rclone.ts';

/** `script/rclone-newest` makes the second. */
const binaries = [binary, resolve('build/rclone-newest/usr/bin/rclone')].filter(
  (path) => path === binary || existsSync(path),
);

describe('names that are not selected', () => {
  function isOther(name: string, names: readonly string[]): boolean {
    return otherNames(names).some((expression) => new RegExp(`^(?:${expression})$`, 'u').test(name));
  }

  const letters = fc.constantFrom(
    'a',
    'b',
    'ab',
    ' ',
    '.',
    '*',
    '[',
    ']',
    '{',
    '}',
    '\\',
    '^',
    '-',
    '$',
    '|',
    'ä',
    '😀',
  );
  const name = fc.array(letters, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

  test('are all but the given ones', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), name, (names, other) => {
        expect(names.filter((each) => isOther(each, names))).toEqual([]);
        expect(isOther(other, names)).toBe(!names.includes(other));
      }),
    );
  });

  test('need no line that is too long for rclone, and no closing brace pair within', () => {
    const long = Array.from({ length: 100 }, (_, index) => `${'same start '.repeat(10)}${index}${'}'.repeat(120)}`);
    const expressions = otherNames(long);
    expect(Math.max(...expressions.map(({ length }) => length))).toBeLessThan(16_384);
    expect(expressions.filter((expression) => expression.includes('}}'))).toEqual([]);
    expect(expressions.length).toBeLessThan(400);
  });
});

test('a name is itself and not a pattern', () => {
  expect(selectedRules(['a*[1]{b}\\?', 'blank '])).toEqual([
    ...['+ /a\\*\\[1\\]\\{b\\}\\\\\\?', '+ /a\\*\\[1\\]\\{b\\}\\\\\\?/**', '+ /blank[ ]', '+ /blank[ ]/**'],
  ]);
});

describe.each(binaries)('%s syncs what is selected and touches nothing else', (program) => {
  const names = ['photos', 'a.txt', 'odd {name}*', 'blank ', 'photos.jpg'];
  const source = {
    ...{ 'photos/a.jpg': 'new', 'photos/deep/b.jpg': 'new', 'photos/deep/b.txt': 'new', 'a.txt': 'new' },
    ...{ 'odd {name}*/c.jpg': 'new', 'blank /d.jpg': 'new', 'photos.jpg': 'new' },
    ...{ 'other/e.jpg': 'new', 'photo/f.jpg': 'new', 'photos2/g.jpg': 'new', 'b.txt': 'new', 'h.jpg': 'new' },
  };
  const atDestination = {
    ...{
      'photos/old.jpg': 'old',
      'photos/old.txt': 'old',
      'photos/cache/old.jpg': 'old',
      'odd {name}*/old.jpg': 'old',
    },
    ...{ 'other/old.jpg': 'old', 'photo/old.jpg': 'old', 'photos2/old.jpg': 'old', 'old.jpg': 'old', 'h.jpg': 'old' },
  };
  const untouched = {
    ...{ 'other/old.jpg': 'old', 'photo/old.jpg': 'old', 'photos2/old.jpg': 'old', 'old.jpg': 'old', 'h.jpg': 'old' },
  };

  test.each<[readonly string[], readonly string[], Readonly<Record<string, string>>]>([
    [
      [],
      [],
      {
        ...{ 'photos/a.jpg': 'new', 'photos/deep/b.jpg': 'new', 'photos/deep/b.txt': 'new', 'a.txt': 'new' },
        ...{ 'odd {name}*/c.jpg': 'new', 'blank /d.jpg': 'new', 'photos.jpg': 'new' },
      },
    ],
    [
      ['cache/', 'a.txt', '*.jpg'],
      [],
      {
        ...{ 'photos/deep/b.txt': 'new', 'photos/old.jpg': 'old', 'photos/cache/old.jpg': 'old' },
        ...{ 'odd {name}*/old.jpg': 'old' },
      },
    ],
    [
      [],
      ['*.jpg'],
      {
        ...{ 'photos/a.jpg': 'new', 'photos/deep/b.jpg': 'new', 'odd {name}*/c.jpg': 'new', 'blank /d.jpg': 'new' },
        ...{ 'photos.jpg': 'new', 'photos/old.txt': 'old' },
      },
    ],
    [
      [],
      ['/photos/deep/**', 'photos/*.jpg', '{{.*c\\.jpg}}', '/h.jpg', '/photo*/f.jpg'],
      {
        ...{ 'photos/a.jpg': 'new', 'photos/deep/b.jpg': 'new', 'photos/deep/b.txt': 'new' },
        ...{ 'odd {name}*/c.jpg': 'new', 'odd {name}*/old.jpg': 'old' },
        ...{ 'photos/old.txt': 'old', 'photos/cache/old.jpg': 'old' },
      },
    ],
  ])('exclude %j, include %j', async (exclude, include, expected) => {
    await using directory = await temporaryDirectory();
    for (const [path, content] of Object.entries(source)) await directory.write(`from/${path}`, content);
    for (const [path, content] of Object.entries(atDestination)) await directory.write(`to/${path}`, content);
    const order = { source: directory.at('from'), destination: directory.at('to'), hasFilters: true };
    const parameters = transferArguments(transfer({ ...order, operation: 'sync', createEmptySourceDirectories: true }));
    const { exit, raw } = await run(program, parameters, filterRules({ exclude, include }, names));
    expect(exit.exitCode, raw).toBe(0);
    expect(await readTree(directory.at('to'))).toEqual({ ...untouched, ...expected });
  });

  test('a hundred long names', async () => {
    await using directory = await temporaryDirectory();
    const long = Array.from({ length: 100 }, (_, index) => `${index}${'long name '.repeat(25)}`.slice(0, 255));
    for (const name of [...long.slice(0, 3), 'other']) await directory.write(`from/${name}`, '');
    const order = { source: directory.at('from'), destination: directory.at('to'), hasFilters: true };
    const filters = filterRules({ exclude: [], include: ['*'] }, long);
    const { exit, raw } = await run(program, transferArguments(transfer(order)), filters);
    expect(exit.exitCode, raw).toBe(0);
    expect(Object.keys(await readTree(directory.at('to')))).toEqual(long.slice(0, 3).sort());
  });
});
