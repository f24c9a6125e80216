import type { Fault } from '../fault.ts';
import { emptiedDuringRun, emptiedSource } from './emptied-source.ts';
import { fullDisk } from './full-disk.ts';
import { killedRclone } from './killed-rclone.ts';
import { massRename } from './mass-rename.ts';
import { nothing } from './nothing.ts';
import { appearingFiles, changingFiles, vanishingFiles } from './restless-source.ts';
import { samePlace } from './same-place.ts';
import { wrongKey, wrongKeyOfNames } from './wrong-key.ts';

/** A new fault is a file of its own and a line here. */
export const faults: readonly Fault[] = [
  nothing,
  killedRclone,
  fullDisk,
  vanishingFiles,
  changingFiles,
  appearingFiles,
  massRename,
  wrongKey,
  wrongKeyOfNames,
  emptiedSource,
  emptiedDuringRun,
  samePlace,
];
