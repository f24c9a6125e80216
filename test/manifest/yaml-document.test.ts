import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/manifest/yaml-document.ts';

function codes(text: string): readonly string[] {
  return readYaml(text).findings.map(({ code, message }) => `${code} ${message}`);
}

describe('plain data', () => {
  test('is read as YAML 1.2: only true and false are booleans', () => {
    const { value, findings } = readYaml('a: NO\nb: yes\nc: 22:30\nd: [1, 2.5, true, ~]\ne: { f: "x" }\n');
    expect(findings).toEqual([]);
    expect(value).toEqual({ a: 'NO', b: 'yes', c: '22:30', d: [1, 2.5, true, null], e: { f: 'x' } });
  });

  test('keeps keys that mean something to JavaScript as data', () => {
    const { value } = readYaml('__proto__: { a: 1 }\nconstructor: 2\n');
    expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor']);
  });

  test('takes the tags of the core schema', () => {
    expect(readYaml('a: !!str 12\n')).toMatchObject({ value: { a: '12' }, findings: [] });
  });

  test('of nothing is null', () => {
    expect(readYaml('# only a comment\n')).toMatchObject({ value: null, findings: [] });
  });
});

describe('what is not accepted', () => {
  test.each([
    ['a: &x 1\nb: 2\n', ['CS007 an anchor is not accepted']],
    ['a: &x 1\nb: *x\n', ['CS007 an anchor is not accepted', 'CS007 an alias is not accepted']],
    ['a: *.tmp\n', ['CS008 a value that begins with * must be quoted']],
    ['a: !secret b\n', ['CS007 a tag is not accepted']],
    ['a: !!binary aGk=\n', ['CS007 a tag is not accepted']],
    ['%YAML 1.1\n---\na: yes\n', ['CS007 a %YAML directive is not accepted']],
    ['a: 1\nb: 2\na: 3\n', ['CS006 the key is written twice, first in line 1']],
    ['a: { b: 1, b: 2 }\n', ['CS006 the key is written twice, first in line 1']],
    ['a: 1\n---\nb: 2\n', ['CS005 a second document begins here; a manifest is exactly one']],
    ['[a]: 1\n', ['CS004 a key must be text']],
    [`${'['.repeat(5000)}`, ['CS004 the document is nested too deeply']],
  ])('%j', (text, expected) => {
    expect(codes(text.slice(0, 5000))).toEqual(expected);
  });

  test('the first of two equal keys counts', () => {
    expect(readYaml('a: 1\na: 2\n').value).toEqual({ a: 1 });
  });
});

describe('places', () => {
  const text = 'a:\n  b: 1\n  c: [x, y]\n  e:\n';
  const { offsetOf } = readYaml(text);

  test.each([
    [['a', 'b'], 'value', '1'],
    [['a', 'b'], 'key', 'b: 1'],
    [['a', 'c', 1], 'value', 'y]'],
    [['a', 'c', 1], 'key', 'y]'],
    [['a', 'e'], 'value', 'e:'],
    [['a', 'missing'], 'value', 'a:'],
    [['a', 'c', 9], 'value', 'c: ['],
    [['a', 'b', 'deeper'], 'value', 'b: 1'],
    [[], 'value', 'a:'],
  ] as const)('%j %s', (path, part, start) => {
    expect(text.slice(offsetOf(path, part)).startsWith(start)).toBe(true);
  });
});

test('60 KB of distinct keys take the linear way', () => {
  const keys = Array.from({ length: 6000 }, (_, index) => `k${String(index).padStart(5, '0')}: 1`);
  const { value, findings } = readYaml(keys.join('\n'));
  expect(findings).toEqual([]);
  expect(Object.keys(Object(value))).toHaveLength(6000);
});

test('60 KB of one key are all found', () => {
  expect(readYaml('a: 1\n'.repeat(12_000)).findings).toHaveLength(11_999);
});
