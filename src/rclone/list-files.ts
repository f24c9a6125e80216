import { err, ok, type Result } from '../model/result.ts';
import type { FileLimits } from '../model/task.ts';
import { limitArguments } from './limit-arguments.ts';
import { type RcloneFailure, runShort } from './short-run.ts';

/** Which files of a place are listed. */
export interface ListedFiles {
  /** A local path, or `name:path`. */
  readonly place: string;
  /** For rclone's standard input; `null`: no filters. */
  readonly filters: string | null;
  readonly limits: FileLimits;
  readonly followSymlinks: boolean;
  readonly fastList: boolean;
  /** rclone tells also what it otherwise keeps to itself, secrets among it. */
  readonly verbose: boolean;
}

/** A remote with millions of files takes its time. */
const timeoutMs = 3_600_000;

/** The paths of the files that a place holds, its folders included, as rclone writes them. */
export async function listFiles(
  binary: string,
  environment: Readonly<Record<string, string>>,
  { place, filters, limits, followSymlinks, fastList, verbose }: ListedFiles,
  signal: AbortSignal,
): Promise<Result<readonly string[], RcloneFailure>> {
  const parameters = [
    ...['lsf', '--recursive', '--files-only', '--use-json-log', '--retries', '1', '--low-level-retries', '3'],
    ...(verbose ? ['-vv'] : []),
    ...(filters === null ? [] : ['--filter-from', '-']),
    ...limitArguments(limits),
    ...(followSymlinks ? ['--copy-links'] : []),
    ...(fastList ? ['--fast-list'] : []),
    ...['--', place],
  ];
  const paths: string[] = [];
  const onOutputLine = (path: string) => paths.push(path);
  const { failure } = await runShort(binary, parameters, environment, {
    timeoutMs,
    signal,
    input: filters,
    onOutputLine,
  });
  return failure === null ? ok(paths) : err(failure);
}
