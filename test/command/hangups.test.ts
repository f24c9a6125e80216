import { expect, test } from 'vitest';
import { listenForHangups } from '../../src/command/hangups.ts';
import { capturingShell } from './capturing-shell.ts';

test('a hang-up is told at once, one that came before as soon as someone asks, and none after the end', () => {
  const { shell, signal, listeners } = capturingShell('/');
  let told = 0;
  {
    using hangups = listenForHangups(shell);
    signal('SIGHUP');
    signal('SIGHUP');
    hangups.onSignal(() => {
      told += 1;
    });
    expect(told).toBe(1);
    signal('SIGHUP');
    expect(told).toBe(2);
  }
  expect(listeners()).toBe(0);
});
