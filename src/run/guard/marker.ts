import { blocked, type Guard, pass } from './verdict.ts';

/** The marker of a disk, without which it is not mounted. */
export const markerGuard: Guard = async ({ local: { absentMarker } }) =>
  absentMarker === null
    ? pass
    : blocked(`the marker ${absentMarker} is missing (spec.safety.requireMarker); check that the disk is mounted`);
