import { err, ok, type Result } from '../model/result.ts';
import { rcloneEnvironment } from './environment.ts';
import { runShort } from './short-run.ts';

export interface RcloneBinary {
  /** As it was given: a path, or a name on the `PATH`. */
  readonly path: string;
  readonly version: readonly [major: number, minor: number, patch: number];
  /** As rclone writes it, such as `v1.60.1-DEV`. */
  readonly versionText: string;
}

/** From here on the log, the exit codes and the options are what this program expects. */
const oldest = [1, 60] as const;
const timeoutMs = 30_000;

/** Finds out whether a binary is an rclone that can be used. Fails with a sentence that says what to do. */
export async function inspectRclone(
  binary: string,
  parent: NodeJS.ProcessEnv = process.env,
): Promise<Result<RcloneBinary, string>> {
  const { exit, error } = await runShort(binary, ['version'], environmentOf(parent), { timeoutMs });
  if (error !== null) return err(error);
  const match = /^rclone (v(\d+)\.(\d+)(?:\.(\d+))?\S*)/m.exec(exit.stdout);
  if (match === null) return err(`${binary} is no rclone: "rclone v..." was expected from "${binary} version".`);
  const [, versionText = '', major, minor, patch] = match;
  const version = [Number(major), Number(minor), Number(patch ?? 0)] as const;
  if (version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1])) {
    return err(
      `rclone ${versionText} is too old; 1.60 or later is needed. Install a newer one and name it by CLOUDSYNC_RCLONE.`,
    );
  }
  return ok({ path: binary, version, versionText });
}

/** What `config providers` prints: JSON that describes every backend of this build. Fails with a sentence. */
export async function describeBackends(
  binary: string,
  parent: NodeJS.ProcessEnv = process.env,
): Promise<Result<string, string>> {
  const { exit, error } = await runShort(binary, ['config', 'providers'], environmentOf(parent), { timeoutMs });
  return error === null ? ok(exit.stdout) : err(error);
}

function environmentOf(parent: NodeJS.ProcessEnv): Record<string, string> {
  return rcloneEnvironment({ remotes: [], parent, timeZone: null });
}
