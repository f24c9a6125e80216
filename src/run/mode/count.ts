import { countFiles } from '../../rclone/count-files.ts';
import { type Ending, endedByFailure } from '../ending.ts';
import type { Job } from '../job.ts';
import type { TransferTools } from '../transfer.ts';

/** How many files there are at a side, within the filters; or how the run ends where that cannot be told. */
export async function countAt(
  side: 'source' | 'destination',
  { filters, transfer }: Job,
  { binary, rcloneEnvironment, redact, signal }: TransferTools,
): Promise<number | Ending> {
  const place = { place: transfer[side], filters, followSymlinks: transfer.followSymlinks };
  const counted = await countFiles(binary, rcloneEnvironment, place, signal);
  if (counted.ok) return counted.value;
  return endedByFailure({ ...counted.error, message: redact(counted.error.message) });
}
