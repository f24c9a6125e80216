import { expect, test } from 'vitest';
import { isPrintOf, printKey } from '../../src/run/key-print.ts';

test('a fingerprint is of one key, and tells nothing of it', async () => {
  const print = await printKey('["password","salt"]', 'here:photos');
  expect(print.place).toBe('here:photos');
  expect(JSON.stringify(print)).not.toMatch(/password|"salt"]/);
  expect(await isPrintOf(print, '["password","salt"]')).toBe(true);
  expect(await isPrintOf(print, '["password","pepper"]')).toBe(false);
  expect(await isPrintOf(print, '')).toBe(false);
  expect(await isPrintOf({ ...print, hash: 'AAAA' }, '["password","salt"]')).toBe(false);
});

test('two fingerprints of one key differ', async () => {
  const [one, other] = await Promise.all([printKey('key', 'here:'), printKey('key', 'here:')]);
  expect(one.hash).not.toBe(other.hash);
});
