import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { obscure } from '../../src/rclone/obscure.ts';
import { binary } from './real-rclone.ts';

describe('obscure', () => {
  test.each(['x', 'correct horse battery staple', 'größer als 日本', `-"'$\\`])('rclone reveals %j', (password) => {
    const revealed = execFileSync(binary, ['--config', '', 'reveal', '--', obscure(password)], { encoding: 'utf8' });
    expect(revealed).toBe(`${password}\n`);
  });

  test('gives another text each time, which could stand in a URL', () => {
    expect(obscure('x')).not.toBe(obscure('x'));
    expect(obscure('a long password, to see every letter')).toMatch(/^[\w-]+$/);
  });
});
