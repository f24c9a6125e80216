import { below, oneOf, type Random } from './bytes.ts';

/** A text that is small and means much, or is deep, or makes a parser look back. */
export function bomb(random: Random): string {
  return oneOf(random, bombs)(1 + below(random, random() < 0.7 ? 900 : 16_000));
}

const head = 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: bomb }\nspec:\n';

const bombs: readonly ((size: number) => string)[] = [
  (size) => laughs(2 + (size % 20)),
  (size) => '['.repeat(size),
  (size) => '['.repeat(size) + ']'.repeat(size),
  (size) => '{a: '.repeat(size),
  (size) => `${'{a: '.repeat(size % 3000)}1${'}'.repeat(size % 3000)}`,
  (size) => '- '.repeat(size),
  (size) => '? '.repeat(size),
  (size) => stairs(size % 350),
  (size) => `${head}${'  direction: PUSH\n'.repeat(size % 3000)}`,
  (size) => `${head}${Array.from({ length: size % 4000 }, (_, index) => `  k${index}: 1\n`).join('')}`,
  (size) => '---\n'.repeat(size),
  (size) => `${'&a '.repeat(size)}x`,
  (size) => `${'!!str '.repeat(size)}x`,
  (size) => `!<${'x'.repeat(size)}> y`,
  (size) => `"${'\\'.repeat(size)}"`,
  (size) => `'${"''".repeat(size)}`,
  (size) => `a: |\n${'  x\n'.repeat(size)}`,
  (size) => `a: >${'\n'.repeat(size)}x`,
  (size) => `a:${' '.repeat(size * 4)}# b`,
  (size) => `${'#'.repeat(size)}\n${'# x\n'.repeat(size)}`,
  (size) => `%${'YAML 1.2 '.repeat(size)}\n---\na: 1`,
  (size) => `${head}  path: ${'"'.repeat(size)}\n`,
  (size) => `${head}  schedule: ${'* '.repeat(size)}\n`,
  (size) => `${head}  exclude: [${'"{{(a+)+$}}",'.repeat(size % 4000)}]\n`,
  (size) => `a: &x {b: *x}\n${'c: *x\n'.repeat(size % 3000)}`,
  (size) => `<<: [${'*a,'.repeat(size)}]`,
  (size) => `${'a'.repeat(size)}: ${'b: '.repeat(size)}`,
  (size) => `${'\t'.repeat(size)}a: 1`,
  (size) => `${'\u0000'.repeat(size)}`,
  (size) => `${'\r'.repeat(size)}a`,
];

/** "Billion laughs": each anchor names the one before nine times. */
function laughs(depth: number): string {
  const levels = Array.from({ length: depth }, (_, level) => {
    const inner = level === 0 ? '"lol"' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]\n`;
  });
  return levels.join('');
}

function stairs(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
}
