import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filterRules } from '../../src/rclone/arguments.ts';
import { escapeGlob } from '../../src/rclone/filter-selection.ts';
import { writeTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary, run } from './real-rclone.ts';

/** `script/rclone-newest` makes the second. */
const binaries = [binary, resolve('build/rclone-newest/usr/bin/rclone')].filter(
  (path) => path === binary || existsSync(path),
);

const blanks = [' ', '  ', '\t', '\u00a0', '\u3000', '\u2003', '\u0085', '\u2028', '\u200b', '\ufeff'];
const signs = [
  '#',
  ';',
  '+ ',
  '- ',
  '!',
  '!x',
  '*',
  '**',
  '?',
  '[',
  ']',
  '[a]',
  '{',
  '}',
  '{a,b}',
  '{{a}}',
  '\\',
  '\\ ',
  '^',
  '$',
  '.',
];
const names = [
  'note',
  ...blanks.flatMap((blank) => [`note${blank}`, `${blank}note`, `${blank}note${blank}`, `no${blank}te`]),
  ...signs.flatMap((sign) => [`note${sign}`, `${sign}note`, `no${sign}te`]),
];

async function listed(program: string, folder: string, rules: string): Promise<readonly string[]> {
  const { exit } = await run(program, ['lsf', '-R', '--files-only', '--filter-from', '-', '--', folder], rules);
  expect(exit.exitCode).toBe(0);
  return exit.stdout.split('\n').filter((line) => line !== '');
}

describe.each(binaries)('%s', (program) => {
  test('a rule that is made from a name is about that name and no other', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, Object.fromEntries(names.map((name) => [name, 'x'])));
    const all = await listed(program, directory.path, '');
    expect(all).toHaveLength(names.length);
    for (const name of names) {
      const left = await listed(program, directory.path, `- /${escapeGlob(name)}\n`);
      expect([name, all.filter((each) => !left.includes(each))]).toEqual([name, [name.replaceAll('\t', '\u2409')]]);
    }
  });

  test('a marker, a backup folder and a list of paths are meant by their names', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['note ', ' note', 'note\u00a0', 'note\u3000', '\u0085note', 'note\\ ', 'note\\\\ ']) {
      const files = { note: 'x', [name]: 'x', [`${name}x`]: 'x' };
      await writeTree(directory.at('marker'), files);
      const safety = { backupFolder: null, requireMarker: name };
      const left = await listed(
        program,
        directory.at('marker'),
        filterRules({ exclude: [], include: [], safety }, null),
      );
      expect([name, left.includes(name), left.includes('note'), left.includes(`${name}x`)]).toEqual([
        name,
        false,
        true,
        true,
      ]);
      const taken = await listed(program, directory.at('marker'), filterRules({ exclude: [], include: [] }, [name]));
      expect(taken).toEqual([name]);
    }
  });

  test.each([
    ['note\\ ', 'note '],
    ['note ', 'note '],
    ['note\\\\ ', 'note\\ '],
    [' note', ' note'],
    ['note\\\u00a0', 'note\u00a0'],
    ['\\ note', ' note'],
  ])('the pattern %j leaves out %j', async (pattern, name) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.path, { note: 'x', 'note ': 'x', 'note\\ ': 'x', ' note': 'x', 'note\u00a0': 'x' });
    const all = await listed(program, directory.path, '');
    const left = await listed(program, directory.path, filterRules({ exclude: [pattern], include: [] }, null));
    expect(all.filter((each) => !left.includes(each))).toEqual([name]);
  });
});
