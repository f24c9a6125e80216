import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { findBelow } from '../place/disk/find-name.ts';
import type { RcloneFailure } from '../rclone/short-run.ts';
import { runShort } from '../rclone/short-run.ts';
import type { RcloneUse } from './guard/verdict.ts';
import { within } from './local-side.ts';

/** A name that nobody else gives to a file, and that says whose it is should it ever be left behind. */
export function probeName(): string {
  return `cloudsync-probe-${randomBytes(16).toString('hex')}.tmp`;
}

type Done = Promise<Result<void, RcloneFailure>>;

/** One side of a task, as far as a probe needs it. */
export interface ProbedSide {
  write(name: string): Done;
  /** Also where it is not there. A folder stays that had to be made: some servers call an empty one missing. */
  remove(name: string): Done;
  /** Whether the file is seen here: at this side, below it, or in a folder above it. */
  sees(name: string): Promise<Result<boolean, RcloneFailure>>;
}

/** Of a path of this machine. `below`: the folders in it that are synced, if not all of it. */
export function localProbe(
  root: string,
  below: readonly string[],
  followLinks: boolean,
  signal: AbortSignal,
): ProbedSide {
  return {
    async write(name) {
      try {
        await mkdir(root, { recursive: true });
        await writeFile(join(root, name), probeText, { flag: 'wx', mode: 0o600 });
        return ok(undefined);
      } catch (error) {
        return failed(`a probe could not be written to ${root}: ${systemWords(error)}`);
      }
    },
    async remove(name) {
      try {
        await rm(join(root, name), { force: true });
        return ok(undefined);
      } catch (error) {
        return errorCode(error) === 'ENOTDIR' ? ok(undefined) : failed(`${join(root, name)} could not be removed`);
      }
    },
    async sees(name) {
      for (let above = root; ; above = dirname(above)) {
        if ((await lstat(join(above, name)).catch(() => null)) !== null) return ok(true);
        if (dirname(above) === above) break;
      }
      for (const folder of below) {
        if ((await findBelow({ root: folder, name, followLinks, signal })) !== null) return ok(true);
      }
      return ok(false);
    },
  };
}

const probeText = 'Cloudsync looks whether two places are one, and removes this file at once.\n';

/** Of a place that rclone knows, without its encryption: under a name that it changes, the file would not be found. */
export function remoteProbe(path: string, { binary, environment, redact, signal }: RcloneUse): ProbedSide {
  async function ask(parameters: readonly string[], input: string | null = null, stoppable = true) {
    const fixed = ['--use-json-log', '--retries', '1', '--low-level-retries', '3'];
    const asked = await runShort(binary, [...parameters.slice(0, 1), ...fixed, ...parameters.slice(1)], environment, {
      timeoutMs,
      input,
      // What was written is removed also by a run that is being stopped.
      ...(stoppable ? { signal } : {}),
    });
    if (asked.failure === null || asked.exit.exitCode === 3 || asked.exit.exitCode === 4) return ok(asked.exit.stdout);
    // The file is ours: what went wrong is about the place.
    const message = redact(asked.failure.message).replace(/^cloudsync-probe-[0-9a-f]+\.tmp: /, '');
    return err({ ...asked.failure, message });
  }

  return {
    async write(name) {
      const written = await ask(['rcat', '--', within(path, name)], probeText);
      return written.ok ? ok(undefined) : written;
    },
    async remove(name) {
      const removed = await ask(['deletefile', '--', within(path, name)], null, false);
      if (removed.ok || notThere.test(removed.error.message)) return ok(undefined);
      return removed;
    },
    async sees(name) {
      const below = await ask(['lsf', '-R', '--files-only', '--include', name, '--', path]);
      if (!below.ok) return below;
      if (below.value.trim() !== '') return ok(true);
      for (const above of placesAbove(path)) {
        const found = await ask(['lsf', '--files-only', '--include', `/${name}`, '--', above]);
        // What is above may be closed to this login, and then shows nothing.
        if (found.ok && found.value.trim() !== '') return ok(true);
      }
      return ok(false);
    },
  };
}

const timeoutMs = 600_000;

/** As rclone says it before 1.66, with the exit of any failure. It has reached the place by then. */
const notThere = /is a directory or doesn't exist/;

/** `remote:a/b` is below `remote:a` and `remote:`. */
function placesAbove(place: string): readonly string[] {
  const colon = place.indexOf(':') + 1;
  const parts = place
    .slice(colon)
    .split('/')
    .filter((part) => part !== '');
  const slash = place.slice(colon).startsWith('/') ? '/' : '';
  return parts.map((_, index) => place.slice(0, colon) + slash + parts.slice(0, index).join('/')).reverse();
}

function failed(message: string): Result<never, RcloneFailure> {
  return err({ message, retryable: false, expired: false });
}
