import type { Result } from '../model/result.ts';
import { inspectRclone, type RcloneBinary } from '../rclone/binary.ts';

/** Asks rclone for its version once. A failure is asked again at the next run: somebody may have installed it. */
export function createBinaryInspection(
  binary: string,
  environment: NodeJS.ProcessEnv,
): () => Promise<Result<RcloneBinary, string>> {
  let known: Promise<Result<RcloneBinary, string>> | null = null;
  return async () => {
    known ??= inspectRclone(binary, environment);
    const inspected = await known;
    if (!inspected.ok) known = null;
    return inspected;
  };
}
