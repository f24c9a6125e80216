import { err, ok, type Result } from '../model/result.ts';
import { type RcloneFailure, runShort } from './short-run.ts';

/** What of a place is counted. */
export interface CountedPlace {
  /** A local path, or `name:path`. */
  readonly place: string;
  /** For rclone's standard input; `null`: all files count. */
  readonly filters: string | null;
  readonly followSymlinks: boolean;
}

/** A remote with millions of files takes its time, and there is nothing to do meanwhile. */
const timeoutMs = 3_600_000;

/** How many files a place holds, its folders included; a place that is not there holds none. Fails with a sentence. */
export async function countFiles(
  binary: string,
  environment: Readonly<Record<string, string>>,
  { place, filters, followSymlinks }: CountedPlace,
  signal: AbortSignal,
): Promise<Result<number, RcloneFailure>> {
  const parameters = [
    ...['size', '--json', '--use-json-log', '--low-level-retries', '3'],
    ...(filters === null ? [] : ['--filter-from', '-']),
    ...(followSymlinks ? ['--copy-links'] : []),
    ...['--', place],
  ];
  const { exit, failure } = await runShort(binary, parameters, environment, {
    timeoutMs,
    signal,
    input: filters,
  });
  if (exit.exitCode === 3) return ok(0);
  if (failure !== null) return err(failure);
  const count = /"count":\s*(\d+)/.exec(exit.stdout)?.[1];
  if (count !== undefined) return ok(Number(count));
  return err({ message: 'rclone did not say how many files there are', retryable: false, expired: false });
}
