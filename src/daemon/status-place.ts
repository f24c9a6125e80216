import type { Event } from '../model/event.ts';
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

export function openStatusStore({ directory }: StatusPlace, { tasksDirectory }: Settings): StatusStore {
  return createStatusStore({ directory, makesFolders: directory !== tasksDirectory, writeFile: writeAtomically });
}
