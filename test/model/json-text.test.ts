import { expect, test } from 'vitest';
import { jsonIn, parseJson, recordOf } from '../../src/model/json-text.ts';

test('JSON is given as it is', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ ok: true, value: { a: [1] } });
});

test.each([
  ['{', 'is no JSON from line 1, column 2 on'],
  ['{\n  "a": 1,\n  b', 'is no JSON from line 3, column 3 on'],
  ['', 'is no JSON'],
])('%j says from where on it is none', (text, error) => {
  expect(parseJson(text)).toEqual({ ok: false, error });
});

test('what may be a secret is not quoted', () => {
  expect(JSON.stringify(parseJson('hunter2'))).not.toContain('hunter2');
});

test('what is no JSON holds nothing', () => {
  expect(['{', '', 'null', '[1]'].map(jsonIn)).toEqual([undefined, undefined, null, [1]]);
});

test('there is nothing in what is no object', () => {
  expect([null, 1, 'text', undefined, [1]].map(recordOf)).toEqual([{}, {}, {}, {}, {}]);
  expect(recordOf({ a: 1 })).toEqual({ a: 1 });
});
