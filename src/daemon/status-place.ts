import { stat } from 'node:fs/promises';
import type { Event } from '../model/event.ts';
import { ok } from '../model/result.ts';
import { statusPlacement } from '../source/layout.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { createStatusStore, type StatusStore } from '../status/store.ts';
import type { Settings } from './settings.ts';

export type StatusPlace = Pick<Extract<Event, { type: 'StatusPlaced' }>, 'directory' | 'reason'>;

/** Beside the manifests, unless that is not possible or would be lost with the next swap of the checkout. */
export async function placeStatus(settings: Settings, state: StateDirectory): Promise<StatusPlace> {
  if (settings.statusDirectory !== null) return { directory: settings.statusDirectory, reason: 'configured' };
  const reason = await statusPlacement(settings.tasksDirectory);
  return { directory: reason === 'beside' ? settings.tasksDirectory : state.status, reason };
}

/**
 * Makes a directory of its own where it is missing, but never the tasks directory: an empty one in its place looks as
 * if every task had been removed, and would be in the way of a new checkout.
 */
export function openStatusStore({ directory }: StatusPlace, { tasksDirectory }: Settings): StatusStore {
  const store = createStatusStore({ directory, writeFile: writeAtomically });
  if (directory !== tasksDirectory) return store;
  return {
    ...store,
    async write(manifestPath, file) {
      const there = await stat(tasksDirectory).catch(() => null);
      return there === null ? ok('unchanged') : store.write(manifestPath, file);
    },
  };
}
