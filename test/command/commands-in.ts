import { stat } from 'node:fs/promises';
import { vi } from 'vitest';
import { runProgram } from '../../src/command/program.ts';
import { type TasksDirectory, tasksDirectory } from '../daemon/tasks-directory.ts';
import { scriptedRclone } from '../helper/scripted-rclone.ts';
import { waitFor } from '../helper/waits.ts';
import { type CommandResult, capturingShell } from './capturing-shell.ts';

/** Runs command lines over one directory. */
export async function commandsIn() {
  const directory = await tasksDirectory();
  const { tasksName, stateDirectory } = directory.settings;
  const captured = () => capturingShell(directory.path);
  const words = (parameters: readonly string[]) => [...parameters, '--tasks', tasksName, '--state-dir', stateDirectory];

  async function cloudsync(...parameters: readonly string[]): Promise<CommandResult> {
    const { shell, stdout, stderr } = captured();
    const exitCode = await runProgram(words(parameters), shell);
    return { exitCode, stdout: stdout(), stderr: stderr() };
  }

  /** One that goes on until it is told to stop; resolves when it has written this text. */
  async function start(text: string, ...parameters: readonly string[]) {
    const { shell, stdout, stderr, signal, onNote } = captured();
    const written = new Promise<void>((resolve) => onNote((note) => note.includes(text) && resolve()));
    const ended = runProgram(words(parameters), shell);
    await waitFor(() => `"${text}" in: ${stderr()}`, Promise.race([written, ended]));
    return {
      ...{ stderr, signal },
      async end(): Promise<CommandResult> {
        const what = () => `the end of cloudsync ${parameters.join(' ')}; so far: ${stderr()}`;
        return { exitCode: await waitFor(what, ended), stdout: stdout(), stderr: stderr() };
      },
    };
  }

  async function startDaemon() {
    const daemon = await start('next run', 'daemon', '--watch', 'off', '--log-format', 'text');
    return {
      ...daemon,
      async [Symbol.asyncDispose]() {
        daemon.signal('SIGTERM');
        await daemon.end();
      },
    };
  }

  return { ...directory, cloudsync, start, startDaemon, captured, words };
}

/** From now on rclone runs until it is asked to end; it says "ready" first. */
export async function useEndlessRclone(directory: TasksDirectory): Promise<void> {
  const ready = `${JSON.stringify({ level: 'error', msg: 'ready', time: '2026-01-01T00:00:00Z' })}\n`;
  const steps = [{ print: ready }, { waitFor: 'SIGTERM' }, { exit: 143 }] as const;
  vi.stubEnv('CLOUDSYNC_RCLONE', await scriptedRclone(directory, { steps }));
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
