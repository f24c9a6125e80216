import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { filterRules, type Transfer, transferArguments } from '../../src/rclone/arguments.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { rclone, transfer } from './real-rclone.ts';

const fixed = ['--use-json-log', '-v', '--stats', '1s', '--stats-log-level', 'NOTICE'];

function argumentsOf(part: Partial<Transfer>): string {
  return transferArguments(transfer({ source: '/a', destination: 'remote:b', ...part })).join(' ');
}

describe('arguments', () => {
  test('of a plain copy', () => {
    expect(transferArguments(transfer({ source: '/a', destination: 'remote:b' }))).toEqual([
      ...['copy', ...fixed, '--retries', '3', '--', '/a', 'remote:b'],
    ]);
  });

  test.each<[string, Partial<Transfer>]>([
    ['--dry-run', { dryRun: true }],
    ['--transfers 8', { transfers: 8 }],
    ['--bwlimit 1024b', { bandwidthLimit: [{ weekday: null, time: null, limit: { up: 1024, down: 1024 } }] }],
    ['--copy-links', { followSymlinks: true }],
    ['--create-empty-src-dirs', { createEmptySourceDirectories: true }],
    ['--fast-list', { fastList: true }],
    ['--max-delete 0', { maxDelete: 0 }],
    ['--filter-from -', { hasFilters: true }],
  ])('%s, only where it is asked for', (flag, part) => {
    expect(argumentsOf(part)).toContain(` ${flag} `);
    expect(argumentsOf({})).not.toContain(flag.split(' ')[0]);
  });

  test('never ask for no attempt at all, which 1.60 takes for success', () => {
    expect(argumentsOf({ retries: 0 })).toContain('--retries 1');
  });
});

describe('rules', () => {
  test.each([
    [[], [], ''],
    [['*.tmp'], [], '- *.tmp\n'],
    [['*.tmp', '/cache/**'], ['*.jpg'], '- *.tmp\n- /cache/**\n+ *.jpg\n- **\n'],
    [[], ['photos/'], '+ photos/**\n+ **/photos/**\n- **\n'],
    [[], ['/photos/', '**.jpg'], '+ /photos/**\n+ **.jpg\n- **\n'],
  ])('exclude %j, include %j, after what is always left out', (exclude, include, rules) => {
    const always = '- {.zfs,.snapshot,~snapshot,#snapshot,@Recently-Snapshot}/**\n';
    expect(filterRules({ exclude, include }, null)).toBe(`${always}${rules}`);
  });

  const files = ['a.jpg', 'a.tmp', 'cache/b.jpg', 'deep/er/c.jpg', 'deep/er/c.txt', 'photos/d.txt', 'x/photos/e.txt'];

  test.each([
    [['*.tmp', '/cache/**'], [], ['a.jpg', 'deep/er/c.jpg', 'deep/er/c.txt', 'photos/d.txt', 'x/photos/e.txt']],
    [['/cache/**'], ['*.jpg'], ['a.jpg', 'deep/er/c.jpg']],
    [['*.jpg'], ['*.jpg'], []],
    [[], ['/photos/'], ['photos/d.txt']],
    [[], ['photos/'], ['photos/d.txt', 'x/photos/e.txt']],
    [[], ['er/*.txt'], ['deep/er/c.txt']],
  ])('rclone takes them: exclude %j, include %j leaves %j', async (exclude, include, expected) => {
    await using directory = await temporaryDirectory();
    for (const file of files) await directory.write(`from/${file}`, '');
    const { exit } = await rclone(
      { source: directory.at('from'), destination: directory.at('to'), hasFilters: true },
      filterRules({ exclude, include }, null),
    );
    expect(exit.exitCode).toBe(0);
    const copied = await readdir(directory.at('to'), { recursive: true, withFileTypes: true }).catch(() => []);
    const names = copied.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
    expect(names.map((name) => name.slice(directory.at('to').length + 1)).sort()).toEqual(expected);
  });

  test('a line break or an outer blank in a pattern stays part of its name', async () => {
    await using directory = await temporaryDirectory();
    for (const file of ['a\n!', ' b', 'c ', 'a', 'b', 'c']) await directory.write(`from/${file}`, '');
    await rclone(
      { source: directory.at('from'), destination: directory.at('to'), hasFilters: true },
      filterRules({ exclude: ['a\n!', ' b', 'c '], include: [] }, null),
    );
    expect((await readdir(directory.at('to'))).sort()).toEqual(['a', 'b', 'c']);
  });
});
