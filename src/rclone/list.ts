import { err, ok, type Result } from '../model/result.ts';
import { type RcloneFailure, runShort } from './short-run.ts';

/** A large folder takes its time: a thousand entries a request. */
const defaultTimeoutMs = 120_000;

export interface ListedTop {
  readonly empty: boolean;
  readonly entries: number;
}

export interface ListFailure extends RcloneFailure {
  /** The place is not there; anything else is a failure to look. */
  readonly missing: boolean;
}

export interface ListLimits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * How much a place, a local path or `name:path`, holds at its top. Buckets know no empty folders: there, a folder that is
 * missing is empty, and only a missing bucket is `missing`.
 */
export async function listTop(
  binary: string,
  environment: Readonly<Record<string, string>>,
  remotePath: string,
  { timeoutMs = defaultTimeoutMs, signal }: ListLimits = {},
): Promise<Result<ListedTop, ListFailure>> {
  const parameters = ['lsf', '--use-json-log', '--max-depth', '1', '--retries', '1', '--low-level-retries', '3'];
  const { exit, failure } = await runShort(binary, [...parameters, '--', remotePath], environment, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  const absent = { message: `${remotePath} does not exist`, retryable: false, expired: false };
  if (exit.exitCode === 3) return err({ missing: true, ...absent });
  if (failure !== null) return err({ missing: false, ...failure });
  const entries = exit.stdout.split('\n').filter((line) => line.trim() !== '').length;
  return ok({ empty: entries === 0, entries });
}
