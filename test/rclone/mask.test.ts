import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { maskCredentials } from '../../src/rclone/mask.ts';

test.each([
  ['Get "http://u:p@host:80/a": no', 'Get "http://***@host:80/a": no'],
  ['sftp://u:p:q@host/a@b', 'sftp://***@host/a@b'],
  ['https://host/a@b', 'https://host/a@b'],
  ['https://host/?sig=a%2Bb&x=1', 'https://host/?sig=***&x=1'],
  ['{"refresh_token":"a","token_type":"bearer"}', '{"refresh_token":"***","token_type":"bearer"}'],
  ['Authorization: Bearer abc.def==', 'Authorization: Bearer ***'],
  ['nothing to hide', 'nothing to hide'],
])('%s', (text, masked) => {
  expect(maskCredentials(text)).toBe(masked);
});

test('a password in an address never stays', () => {
  const letters = fastCheck.stringMatching(/^[A-Za-z0-9%_.~!$&()*+,;=:@-]{3,20}$/).map((text) => `S3cr3t${text}`);
  fastCheck.assert(
    fastCheck.property(letters, (password) => {
      expect(maskCredentials(`Propfind "https://user:${password}@host/path": refused`)).not.toContain('S3cr3t');
    }),
  );
});

test.each(['x', 'x.', '&key', 'a:', '://', '"password" ', 'Bearer '])('a long line of %j costs little', (part) => {
  const before = process.cpuUsage();
  maskCredentials(part.repeat(100_000));
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
});
