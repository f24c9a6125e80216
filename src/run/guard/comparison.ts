import type { CredentialSpec } from '../../model/credential.ts';
import type { TaskSpec } from '../../model/task.ts';
import { comparedBy, readFeatures } from '../../rclone/features.ts';
import { warningText } from '../../rclone/warning-text.ts';
import { farName } from '../far-name.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * Where the two sides have nothing but sizes in common, an edit that keeps the size is not noticed. A MOVE sends every
 * file then, and with size-only it is what somebody asked for. With refresh-times, rclone takes a file of the same size for the same where it can compare no checksums, and only sets
 * its time: the change would never be sent, and the destination would look as if it had been.
 */
export const comparisonGuard: Guard = async ({ task: { spec, credential }, remote, rclone }) => {
  const refreshes = spec.rcloneFlags['refresh-times'] === true;
  const asks = spec.transferMode !== 'MOVE' && mayCompareBySize(spec, credential);
  if (!refreshes && !asks) return pass;
  const features = await readFeatures(rclone.binary, rclone.environment, remote, rclone.signal);
  if (!features.ok) return cannotTell({ ...features.error, message: rclone.redact(features.error.message) });
  if (!refreshes) {
    const bySize = comparedBy(features.value, spec.rcloneFlags) === 'size';
    return bySize ? { kind: 'pass', warnings: [bySizeOnly] } : pass;
  }
  if (features.value.hashes.length > 0) return pass;
  return blocked(
    `rcloneFlags.refresh-times needs checksums, and ${farName(spec)} has none: a changed file of the same size would ` +
      'never be sent; leave the flag out',
  );
};

const bySizeOnly = warningText({ reason: 'comparedBySize', count: 1, names: [] });

/** Of these it is known that they keep modification times; of others rclone is asked, which takes a moment. */
const keepTimes = [
  ...['local', 's3', 'storj-ix', 'b2', 'box', 'drive', 'dropbox', 'onedrive', 'google-cloud-storage', 'azureblob'],
  ...['swift', 'pcloud', 'yandex', 'sftp'],
];

function mayCompareBySize({ rcloneFlags }: TaskSpec, credential: CredentialSpec | null): boolean {
  const { checksum, 'size-only': sizeOnly, 'ignore-times': ignoreTimes } = rcloneFlags;
  if (sizeOnly === true || ignoreTimes === true) return false;
  // rclone itself says that it falls back to sizes.
  if (checksum === true) return false;
  if (credential === null || !keepTimes.includes(credential.provider)) return true;
  return Object.keys(credential.options).some((option) => option.endsWith('set_modtime'));
}
