import { parse, stringify } from 'yaml';
import { below, oneOf, type Random } from './bytes.ts';

/** Changes what a manifest says: YAML stays YAML. What is not to be parsed comes back as it is. */
export function mutateStructure(text: string, random: Random): string {
  const value = parsed(text);
  if (!isContainer(value)) return text;
  for (let changes = 1 + below(random, 3); changes > 0; changes -= 1)
    change(oneOf(random, containersIn(value)), random);
  const style = below(random, 4);
  if (style === 0) return JSON.stringify(value);
  if (style === 1) return JSON.stringify(value, null, 2);
  return stringify(value, style === 2 ? {} : { collectionStyle: 'flow', lineWidth: 0 });
}

type Container = Record<string, unknown> | unknown[];

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function containersIn(value: Container): readonly Container[] {
  return [value, ...Object.values(value).filter(isContainer).flatMap(containersIn)];
}

function change(container: Container, random: Random): void {
  if (Array.isArray(container)) {
    if (random() < 0.3) container.splice(below(random, container.length + 1), 1);
    else container.splice(below(random, container.length + 1), below(random, 2), unlikelyValue(random));
    return;
  }
  const key = oneOf(random, [...Object.keys(container), 'other']);
  const value = container[key];
  switch (below(random, 5)) {
    case 0:
      delete container[key];
      return;
    case 1:
      delete container[key];
      container[misspelt(key, random)] = value;
      return;
    case 2:
      put(container, oneOf(random, unlikelyKeys), unlikelyValue(random));
      return;
    case 3:
      container[key] = oneOf<unknown>(random, [
        [value],
        { [key]: value },
        [value, structuredClone(value)],
        JSON.stringify(value),
      ]);
      return;
    default:
      container[key] = unlikelyValue(random);
  }
}

/** Also under a name such as `__proto__`, which an assignment would take for something else. */
function put(container: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function misspelt(key: string, random: Random): string {
  const at = below(random, key.length + 1);
  return oneOf(random, [key.slice(0, at) + key.slice(at + 1), key.toUpperCase(), `${key} `, `${key}${key}`, key + at]);
}

const unlikelyKeys: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ' ', '\u0000', '\u202e', 'a'.repeat(2000), '<<'],
  ...['spec', 'kind', 'metadata', 'options', 'fromEnv', 'fromCommand', 'age', 'rcloneRemote', 'direction', 'true', '1'],
];

/** A value of any type, or one that some checker of ours takes apart. */
function unlikelyValue(random: Random): unknown {
  return random() < 0.5
    ? structuredClone(oneOf(random, plainValues))
    : oneOf(random, makers)(1 + below(random, random() < 0.8 ? 60 : 2000), random);
}

const plainValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 53,
    -0,
    Number.MAX_VALUE,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    '',
    ' ',
    '\n',
  ],
  ...['NO', '@daily', '* * * * *', '* * * * * *', '0 0 30 2 *', '0 0 29 2 1#5', 'L', '60 24 32 13 8', '*/0 * * * *'],
  ...['Mars/Olympus', '../..', '/', '//', '\u0000', 'C:\\x', 'https://a:b@c', '9'.repeat(400), '1e400h', '-5m', '1Pi'],
  ...[
    '08:00',
    '24:00,1',
    '08:00,512 07:00,1',
    'Mon-',
    'off',
    '1:1:1',
    '%',
    '100%',
    '-1%',
    '#!/bin/sh',
    '#!',
    '{{',
    '}}',
  ],
  ...[[], {}, [[]], [{}], { fromEnv: '' }, { fromEnv: 1 }, { fromFile: '\u0000' }, { fromCommand: [] }, { age: 'x' }],
];

type Maker = (size: number, random: Random) => unknown;

/** Patterns, times and names that grow, as those who look for a slow regular expression write them. */
const makers: readonly Maker[] = [
  (size) => 'a'.repeat(size * 20),
  (size) => '*'.repeat(size),
  (size) => '**/'.repeat(size),
  (size) => `{{${'(a+)+'.repeat(size % 50)}$}}`,
  (size) => `{{(${'a|'.repeat(size)}b)*c}}`,
  (size) => '{a,'.repeat(size) + '}'.repeat(size),
  (size) => '['.repeat(size) + ']'.repeat(size),
  (size) => '[a-'.repeat(size),
  (size) => '\\'.repeat(size),
  (size) => `${'*/1,'.repeat(size)}0 * * * *`,
  (size) => `${'0-59/2,'.repeat(size)}1 0 29 2 *`,
  (size) => Array.from({ length: size }, (_, index) => `${String(index % 24).padStart(2, '0')}:00,${index}`),
  (size) => `${'08:00,512 '.repeat(size)}x`,
  (size) => `${'1h'.repeat(size)}!`,
  (size) => `${' '.repeat(size * 10)}x`,
  (size) => `${'a-'.repeat(size)}A`,
  (size) => `${'../'.repeat(size)}x`,
  (size) => Object.fromEntries(Array.from({ length: size }, (_, index) => [`key${index}`, index])),
  (size) => Array.from({ length: size }, () => '*.tmp'),
  (size, random) => Array.from({ length: size % 40 }, () => unlikelyValue(random)),
  (size) => nested(size % 400, 'deep'),
];

function nested(depth: number, inner: unknown): unknown {
  let value = inner;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
