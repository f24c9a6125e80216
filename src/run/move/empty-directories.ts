import { rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../../model/system-error.ts';
import type { TaskSpec } from '../../model/task.ts';
import { runShort } from '../../rclone/short-run.ts';
import type { Job } from '../job.ts';
import type { TransferTools } from '../transfer.ts';

/** A source with hundreds of thousands of folders takes its time. */
const timeoutMs = 3_600_000;

/** Of a folder that is still in use, or holds what a filter leaves out. */
const notEmpty = ['ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOENT', 'ENOTDIR'];

/**
 * Deletes the folders at the source of a MOVE that are empty, as far as its filters let rclone see them. The paths of
 * the task stay: without them, the next run would find no source. Gives a warning for what could not be deleted.
 */
export function removeEmptyDirectories(
  spec: Pick<TaskSpec, 'direction' | 'paths'>,
  job: Job,
  tools: TransferTools,
  onRemoved: (path: string) => void,
): Promise<readonly string[]> {
  return spec.direction === 'PUSH' ? removeLocal(spec, job, tools, onRemoved) : removeFar(job, tools);
}

/** The system itself refuses to delete a folder that is not empty, whatever came into it meanwhile. */
async function removeLocal(
  { paths }: Pick<TaskSpec, 'paths'>,
  { transfer: { source }, filters }: Job,
  { binary, rcloneEnvironment, redact, signal }: TransferTools,
  onRemoved: (path: string) => void,
): Promise<readonly string[]> {
  const found: string[] = [];
  const parameters = ['lsf', '--recursive', '--dirs-only', '--use-json-log', '--filter-from', '-', '--', source];
  const { error } = await runShort(binary, parameters, rcloneEnvironment, {
    timeoutMs,
    signal,
    input: filters,
    onOutputLine: (line) => found.push(line.replace(/\/$/, '')),
  });
  if (error !== null) return [`empty folders at the source were not deleted: ${redact(error)}`];
  // Of a list of paths, these are the names in the directory that rclone is given.
  const named = new Set(paths.length === 1 && paths[0] === source ? [] : paths.map((path) => basename(path)));
  const failures: string[] = [];
  for (const path of found.filter((name) => !named.has(name)).sort(deepestFirst)) {
    try {
      await rmdir(join(source, path));
      onRemoved(path);
    } catch (cause) {
      if (!notEmpty.includes(errorCode(cause))) failures.push(`${path}: ${errorCode(cause)}`);
    }
  }
  const [first] = failures;
  if (first === undefined) return [];
  const more = failures.length === 1 ? '' : ` and ${failures.length - 1} more`;
  return [`empty folders at the source could not be deleted: ${first}${more}`];
}

/** Each folder before the one that holds it. */
function deepestFirst(left: string, right: string): number {
  const depth = right.split('/').length - left.split('/').length;
  return depth === 0 ? (left < right ? -1 : 1) : depth;
}

/** Backends refuse to delete a folder that is not empty; rclone 1.60 then leaves the others as well. */
async function removeFar(
  { transfer: { source }, filters }: Job,
  { binary, rcloneEnvironment, redact, signal }: TransferTools,
): Promise<readonly string[]> {
  const options = ['--use-json-log', '--retries', '1', '--low-level-retries', '3', '--filter-from', '-'];
  const parameters = ['rmdirs', '--leave-root', ...options, '--', source];
  const { error } = await runShort(binary, parameters, rcloneEnvironment, { timeoutMs, signal, input: filters });
  return error === null ? [] : [`not all empty folders at the source were deleted: ${redact(error)}`];
}
