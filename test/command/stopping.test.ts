import { describe, expect, test } from 'vitest';
import { stopOnSignal } from '../../src/command/stopping.ts';
import { capturingShell } from './capturing-shell.ts';

describe('stopOnSignal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends in %i', async (signal, exitCode) => {
    const { shell, signal: send } = capturingShell('/');
    using stopping = stopOnSignal(shell);
    expect(stopping.exitCode()).toBeNull();
    send(signal);
    expect(await stopping.signalled).toBeNull();
    expect(stopping.exitCode()).toBe(exitCode);
  });

  test('calls at each signal, and at once if one has come before', () => {
    const { shell, signal: send } = capturingShell('/');
    using stopping = stopOnSignal(shell);
    const early: string[] = [];
    const late: string[] = [];
    stopping.onSignal((signal) => early.push(signal));
    send('SIGTERM');
    stopping.onSignal((signal) => late.push(signal));
    send('SIGINT');
    expect(early).toEqual(['SIGTERM', 'SIGINT']);
    expect(late).toEqual(['SIGTERM', 'SIGINT']);
    expect(stopping.exitCode()).toBe(143);
  });

  test('listens no longer than it lives', () => {
    const captured = capturingShell('/');
    {
      using _stopping = stopOnSignal(captured.shell);
      expect(captured.listeners()).toBe(2);
    }
    expect(captured.listeners()).toBe(0);
  });
});
