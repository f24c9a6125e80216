import { isRecord, jsonIn } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import { type RcloneFailure, runShort } from './short-run.ts';

/**
 * By which properties two files can be compared at a remote. A local side has modification times and every hash that
 * rclone knows, so what the far side has is what both sides have in common.
 */
export interface RemoteFeatures {
  /** Whether the remote keeps the modification time that rclone sets. */
  readonly times: boolean;
  /** rclone's names of the hashes that the remote knows of its files, such as `md5`. */
  readonly hashes: readonly string[];
  /** Whether the remote takes names that differ only in capitals for one, as far as rclone knows. */
  readonly foldsCase: boolean;
  /** Whether the remote tells hashes in a listing, without reading the files. */
  readonly listsHashes: boolean;
  /** Whether the times that rclone has set cost a request for each file; the times of the upload come with a listing. */
  readonly slowTimes: boolean;
  /** Whether keys of a bucket stand for paths, so that a part of a path may be empty. */
  readonly buckets: boolean;
}

/** What rclone calls the precision of a remote that keeps no modification times: a hundred years, in nanoseconds. */
const noTimes = 100 * 365 * 24 * 3600 * 1e9;
const timeoutMs = 120_000;

/** Asks rclone what a remote, named as `name:path` or by a local path, can tell of its files. */
export async function readFeatures(
  binary: string,
  environment: Readonly<Record<string, string>>,
  place: string,
  signal: AbortSignal,
): Promise<Result<RemoteFeatures, RcloneFailure>> {
  const parameters = ['backend', 'features', '--use-json-log', '--retries', '1', '--low-level-retries', '3'];
  const { exit, failure } = await runShort(binary, [...parameters, '--', rootOf(place)], environment, {
    timeoutMs,
    signal,
  });
  if (failure !== null) return err(failure);
  const features = parseFeatures(exit.stdout);
  return features === null ? err({ message: unreadable, retryable: false, expired: false }) : ok(features);
}

const unreadable = 'rclone did not describe the features of the remote';

/** The features are those of the whole remote; with a path, rclone would ask the server about it. */
function rootOf(place: string): string {
  return place.startsWith('/') ? '/' : place.replace(/:.*$/s, ':');
}

interface WrittenFeatures {
  readonly Precision?: unknown;
  readonly Hashes?: unknown;
  readonly Features?: unknown;
}

/** Reads the output of `rclone backend features`; `null`: it is something else. */
export function parseFeatures(text: string): RemoteFeatures | null {
  const found = jsonIn(text);
  if (!isRecord(found)) return null;
  const { Precision: precision, Hashes: hashes, Features: written }: WrittenFeatures = found;
  if (typeof precision !== 'number') return null;
  const names = Array.isArray(hashes) ? hashes.filter((name) => typeof name === 'string') : [];
  const features = isRecord(written) ? written : {};
  return {
    times: precision < noTimes,
    hashes: names,
    foldsCase: features['CaseInsensitive'] === true,
    listsHashes: names.length > 0 && features['SlowHash'] !== true,
    slowTimes: features['SlowModTime'] === true,
    buckets: features['BucketBased'] === true,
  };
}

/**
 * How rclone decides that two files of one size are equal. Without modification times it does not look at hashes either,
 * unless the flag `checksum` asks for them.
 */
export function comparedBy(
  { times, hashes }: RemoteFeatures,
  flags: TaskSpec['rcloneFlags'],
): 'time' | 'hash' | 'size' {
  const { checksum, 'size-only': sizeOnly } = flags;
  if (sizeOnly === true) return 'size';
  if (checksum === true) return hashes.length > 0 ? 'hash' : 'size';
  return times ? 'time' : 'size';
}
