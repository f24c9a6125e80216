import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filterRules } from '../../src/rclone/arguments.ts';
import { compileFilters } from '../../src/rclone/filter-compiler.ts';
import { type CompiledFilters, markedRules, parseFilterDump } from '../../src/rclone/filter-dump.ts';
import { filterList } from '../../src/rclone/filter-rule.ts';
import { judgePath } from '../../src/rclone/filter-verdict.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { binary, run } from './real-rclone.ts';

/** `script/rclone-newest` makes the second. */
const binaries = [binary, resolve('build/rclone-newest/usr/bin/rclone')].filter(
  (path) => path === binary || existsSync(path),
);

async function compile(
  program: string,
  exclude: readonly string[],
  include: readonly string[],
  selection: readonly string[] | null = null,
): Promise<CompiledFilters> {
  const compiled = await compileFilters(program, filterList({ exclude, include }, selection), process.env);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

function verdictOf(path: string, filters: CompiledFilters): string {
  const { result, rule, hiddenBy } = judgePath(path, filters);
  const { origin } = rule ?? { origin: null };
  const by = origin === null ? '' : ` ${origin.field}${'index' in origin ? `[${origin.index}]` : ''}`;
  return `${result}${by}${hiddenBy === null ? '' : ` above, ${hiddenBy}`}`;
}

describe('what rclone prints of its rules', () => {
  const rules = filterList({ exclude: ['*.tmp', '/cache/**', '/cache/'], include: [] }, null).filter(
    ({ origin }) => origin.field === 'exclude',
  );
  /** Of 1.60.1 and of 1.75.2 alike. */
  const output = [
    ...['--- start filters ---', '--- File filter rules ---', '- (^|/)[^/]*\\.tmp$', '- ^cloudsyncrule0/.*$'],
    ...['- ^cache/.*$', '- ^cloudsyncrule1/.*$', '- ^cloudsyncrule2/.*$', '--- Directory filter rules ---'],
    ...['- ^cloudsyncrule0/.*$', '- ^cache/.*$', '- ^cloudsyncrule1/.*$', '- ^cloudsyncrule2/.*$'],
    ...['--- end filters ---', ''],
  ].join('\n');

  test('is put down to the rules, also where two come to the same', () => {
    expect(parseFilterDump(output, rules)).toEqual({
      files: [
        { rule: rules[0], include: false, expression: '(^|/)[^/]*\\.tmp$' },
        { rule: rules[1], include: false, expression: '^cache/.*$' },
      ],
      directories: [{ rule: rules[1], include: false, expression: '^cache/.*$' }],
    });
  });

  test.each([
    ['nothing', ''],
    ['fewer rules', output.replaceAll('- ^cloudsyncrule2/.*$\n', '')],
    ['more rules', output.replaceAll('- ^cloudsyncrule2/.*$\n', '- ^cloudsyncrule2/.*$\n- ^x$\n')],
    ['other lines', output.replace('- ^cache', '! ^cache')],
  ])('is not guessed from %s', (_, other) => {
    expect(parseFilterDump(other, rules)).toBe(null);
  });

  test.each(binaries)('is that by %s', async (program) => {
    await using directory = await temporaryDirectory();
    const { exit } = await run(
      program,
      ['lsf', '--filter-from', '-', '--dump', 'filters', directory.path],
      markedRules(rules),
    );
    expect(exit.stdout).toBe(output);
  });
});

describe.each(binaries)('%s', (program) => {
  const files = [
    ...['a.jpg', 'a.tmp', 'cache/b.jpg', 'deep/cache/b.jpg', 'deep/er/c.jpg', 'deep/er/c.txt', 'photos/d.txt'],
    ...['x/photos/e.txt', '[2020] a/f.jpg', 'ä b/g.jpg', 'photos2/h.JPG', 'keys.txt'],
    ...['.zfs/snapshot/a.jpg', 'photos/.zfs/d.jpg', '.snapshots/a.jpg', 'deep/.zfs', 'x/#snapshot/a.jpg'],
  ];

  test.each<[readonly string[], readonly string[], readonly string[] | null]>([
    [[], [], null],
    [['*.tmp', '/cache/**'], [], null],
    [['cache/', '**/er/*.jpg', '\\[2020\\] a/**'], [], null],
    [['*.tmp'], ['*.jpg', 'photos/'], null],
    [[], ['/deep/**', 'er/*.txt', '{{[a-z]+\\.txt}}', '*.{JPG,tmp}', '? b/*'], null],
    [['*'], ['*.jpg'], null],
    [[], ['/.zfs/**', '**/.zfs/**', '*.jpg', '.zfs'], null],
    [[], [], ['photos', 'keys.txt', '[2020] a', '.zfs']],
    [['*.txt'], ['*.jpg', 'photos/*'], ['photos', 'deep', 'ä b']],
  ])('takes what is foretold: exclude %j, include %j, selection %j', async (exclude, include, selection) => {
    await using directory = await temporaryDirectory();
    for (const file of files) await directory.write(file, '');
    const rules = filterRules({ exclude, include }, selection);
    const { exit } = await run(program, ['lsf', '-R', '--files-only', '--filter-from', '-', directory.path], rules);
    const filters = await compile(program, exclude, include, selection);
    const foretold = files.filter((path) => judgePath(path, filters).result === 'included');
    expect(foretold.sort()).toEqual(
      exit.stdout
        .split('\n')
        .filter((line) => line !== '')
        .sort(),
    );
  });

  test('is told apart rule by rule', async () => {
    const filters = await compile(
      program,
      ['*.tmp', '/cache/**', '/cache/'],
      ['*.jpg', '/cache/keep.jpg', '{{(?i)x}}'],
    );
    expect(
      ['a.jpg', 'a.tmp', 'cache/', 'cache/keep.jpg', 'b/cache/', 'b/a.jpg', 'a.txt'].map((path) =>
        verdictOf(path, filters),
      ),
    ).toEqual([
      ...['included include[0]', 'excluded exclude[0]', 'excluded exclude[1]', 'excluded exclude[1] above, cache/'],
      ...['included include[0]', 'included include[0]', 'unknown include[2]'],
    ]);
    const chosen = await compile(program, [], [], ['photos']);
    expect(['photos', 'photos/', 'photos/a', 'other/', 'other/a'].map((path) => verdictOf(path, chosen))).toEqual([
      ...['included path', 'included path', 'included path', 'excluded path', 'excluded path above, other/'],
    ]);
    const always = await compile(program, [], ['.zfs/**', '/x/.snapshot/']);
    expect(['.zfs/', '.zfs/snapshot/a', 'x/.snapshot/a', '.zfs'].map((path) => verdictOf(path, always))).toEqual([
      ...['excluded snapshots', 'excluded snapshots above, .zfs/', 'excluded snapshots above, x/.snapshot/'],
      'excluded rest',
    ]);
    expect(verdictOf('a', await compile(program, ['b/'], []))).toBe('included');
    expect(verdictOf('a', await compile(program, [], ['b']))).toBe('excluded rest');
  });

  test('says what is wrong with a rule', async () => {
    const compiled = await compileFilters(program, filterList({ exclude: ['{{(}}'], include: [] }, null), process.env);
    expect(compiled).toMatchObject({ ok: false, error: expect.stringContaining('missing closing') });
  });
});
