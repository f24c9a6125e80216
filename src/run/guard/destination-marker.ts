import { fileExists } from '../../rclone/find-file.ts';
import { farName } from '../far-name.ts';
import { within } from '../local-side.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/** A bucket, a disk or a login that leads somewhere else is noticed by the marker that is not there. */
export const destinationMarkerGuard: Guard = async ({ task: { spec }, remote, rclone }) => {
  const { requireMarker, requireDestinationMarker } = spec.safety;
  if (requireMarker === null || !requireDestinationMarker) return pass;
  const { binary, environment, redact, signal } = rclone;
  const found = await fileExists(binary, environment, within(remote, requireMarker), signal);
  if (!found.ok) return cannotTell({ ...found.error, message: redact(found.error.message) });
  if (found.value) return pass;
  return blocked(
    `the marker ${requireMarker} is missing at ${farName(spec)} (spec.safety.requireDestinationMarker); check that ` +
      'this is the right place, and put the file there: a run without spec.safety.requireMarker sends it from the source',
  );
};
