import { readFeatures } from '../../rclone/features.ts';
import { farName } from '../far-name.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * With refresh-times, rclone takes a file of the same size for the same where it can compare no checksums, and only sets
 * its time: the change would never be sent, and the destination would look as if it had been.
 */
export const comparisonGuard: Guard = async ({ task: { spec }, remote, rclone }) => {
  if (spec.rcloneFlags['refresh-times'] !== true) return pass;
  const features = await readFeatures(rclone.binary, rclone.environment, remote, rclone.signal);
  if (!features.ok) return cannotTell({ ...features.error, message: rclone.redact(features.error.message) });
  if (features.value.hashes.length > 0) return pass;
  return blocked(
    `rcloneFlags.refresh-times needs checksums, and ${farName(spec)} has none: a changed file of the same size would ` +
      'never be sent; leave the flag out',
  );
};
