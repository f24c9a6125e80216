import { opendir, stat } from 'node:fs/promises';
import type { Result } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import type { Job } from './job.ts';

/** Looks at one side of a run: is it there, and is anything in it? */
export type Look = () => Promise<Result<Side, string>>;

export interface Side {
  readonly exists: boolean;
  readonly empty: boolean;
}

export type Verdict =
  | { readonly kind: 'pass' }
  /** Refused: nothing has been touched. */
  | { readonly kind: 'blocked'; readonly message: string }
  /** It cannot be told whether the run is safe. */
  | { readonly kind: 'failed'; readonly message: string };

const pass: Verdict = { kind: 'pass' };

/**
 * The source must be there, and a SYNC must not empty a destination because its source is empty: rclone does so and
 * reports success, for a disk that is not mounted or a misspelt prefix in a bucket.
 */
export async function checkSource(spec: TaskSpec, job: Job, remote: Look): Promise<Verdict> {
  return spec.direction === 'PUSH'
    ? checkSides(
        spec,
        { look: () => lookAtDirectory(job.local), name: job.local },
        { look: remote, name: farName(spec) },
      )
    : checkPull(spec, job, remote);
}

/** A COPY or MOVE from afar needs no look: rclone says itself that a folder is not there, and deletes nothing here. */
async function checkPull(spec: TaskSpec, job: Job, remote: Look): Promise<Verdict> {
  if (spec.transferMode !== 'SYNC') return pass;
  return checkSides(
    spec,
    { look: remote, name: farName(spec) },
    { look: () => lookAtDirectory(job.local), name: job.local },
  );
}

interface Looked {
  readonly look: Look;
  readonly name: string;
}

async function checkSides(spec: TaskSpec, source: Looked, destination: Looked): Promise<Verdict> {
  const from = await source.look();
  if (!from.ok) return { kind: 'failed', message: from.error };
  if (!from.value.exists) return { kind: 'blocked', message: `the source ${source.name} does not exist` };
  if (spec.transferMode !== 'SYNC' || !from.value.empty || spec.safety.allowEmptySource) return pass;

  const to = await destination.look();
  if (!to.ok) return { kind: 'failed', message: to.error };
  if (!to.value.exists || to.value.empty) return pass;
  return {
    kind: 'blocked',
    message:
      `the source ${source.name} is empty, and SYNC would delete everything in ${destination.name}; ` +
      'if that is meant, set spec.safety.allowEmptySource to true',
  };
}

function farName(spec: TaskSpec): string {
  const place = [spec.remote.bucket, spec.remote.folder].filter((part) => part !== null && part !== '').join('/');
  return `${spec.remote.credential ?? spec.remote.rcloneRemote}:${place}`;
}

async function lookAtDirectory(path: string): Promise<Result<Side, string>> {
  try {
    if (!(await stat(path)).isDirectory()) return { ok: false, error: `${path} is not a directory` };
    await using directory = await openDirectory(path);
    return { ok: true, value: { exists: true, empty: (await directory.handle.read()) === null } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return code === 'ENOENT'
      ? { ok: true, value: { exists: false, empty: true } }
      : { ok: false, error: `cannot read ${path}: ${code}` };
  }
}

async function openDirectory(path: string) {
  const handle = await opendir(path);
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}
