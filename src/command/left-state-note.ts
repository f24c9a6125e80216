import type { Command } from 'commander';
import { leftState } from '../state/earlier-state.ts';
import { settingsOf } from './global-options.ts';
import type { Shell } from './shell.ts';

/** For commands that only read: what they show of an empty state is not all that there is. */
export function noteLeftState(command: Command, shell: Shell): void {
  const { tasksDirectory, stateDirectory, stateOrigin } = settingsOf(command, shell);
  const left = stateOrigin === 'named' ? null : leftState(tasksDirectory, stateDirectory);
  if (left !== null) shell.terminal.note(`cloudsync: ${left}`);
}
