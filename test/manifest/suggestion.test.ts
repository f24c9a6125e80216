import { expect, test } from 'vitest';
import { suggestion } from '../../src/manifest/suggestion.ts';

const keys = ['schedule', 'path', 'transferMode', 'enabled', 'direction'];

test.each([
  ['schedul', 'schedule'],
  ['transfer_mode', 'transferMode'],
  ['Path', 'path'],
  ['enabeld', 'enabled'],
  ['xyz', null],
  ['', null],
  ['p'.repeat(100), null],
])('%j', (written, meant) => {
  expect(suggestion(written, keys)).toBe(meant);
});

test('the nearest wins', () => {
  expect(suggestion('pat', ['part', 'pats', 'pat'])).toBe('pat');
});
