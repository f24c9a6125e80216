import { expect, test } from 'vitest';
import { formatListenAddress, isLoopback, parseListenAddress } from '../../src/daemon/listen-address.ts';

test.each([
  ['127.0.0.1:9180', '127.0.0.1', 9180, true],
  ['localhost:9180', 'localhost', 9180, true],
  ['[::1]:9180', '::1', 9180, true],
  ['127.8.8.8:0', '127.8.8.8', 0, true],
  ['[fe80::1]:80', 'fe80::1', 80, false],
  ['0.0.0.0:9180', '0.0.0.0', 9180, false],
  ['backup.lan:65535', 'backup.lan', 65_535, false],
  [':9180', '', 9180, false],
])('%s is an address', (text, host, port, local) => {
  const parsed = parseListenAddress(text);
  expect(parsed).toEqual({ ok: true, value: { host, port } });
  expect(formatListenAddress({ host, port })).toBe(text);
  expect(isLoopback(host)).toBe(local);
});

test.each([
  '',
  '9180',
  '127.0.0.1',
  '127.0.0.1:',
  '127.0.0.1:65536',
  '::1:9180',
  '[::1]',
  '[x]:1',
  'http://a:1',
  'a b:1',
])('%j is none', (text) => {
  expect(parseListenAddress(text)).toEqual({ ok: false, error: expect.stringContaining('must be HOST:PORT') });
});
