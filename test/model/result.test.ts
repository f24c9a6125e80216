import { expect, test } from 'vitest';
import { err, ok, unreachable } from '../../src/model/result.ts';

test('what is expected to fail says so by its value', () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(err('why')).toEqual({ ok: false, error: 'why' });
});

test('a value outside its union is a bug, and named', () => {
  expect(() => unreachable('SIDEWAYS' as never)).toThrow('Internal error: unexpected value "SIDEWAYS"');
});
