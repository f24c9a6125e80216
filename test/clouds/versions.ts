import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { CLOUDSYNC_RCLONE = 'rclone' } = process.env;

/** Such as `1.60.1`: of the rclone that the tests run with. */
export const rcloneVersion = versionIn(execFileSync(CLOUDSYNC_RCLONE, ['version'], { encoding: 'utf8' }));

/** Backends that this build of rclone has, by its own names. */
export const rcloneBackends: readonly string[] = namesIn(
  execFileSync(CLOUDSYNC_RCLONE, ['config', 'providers'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
);

/** Version of a package of `test/clouds`. */
export function packageVersion(name: string): string {
  const file = fileURLToPath(new URL('package.json', import.meta.url));
  const { dependencies } = JSON.parse(readFileSync(file, 'utf8')) as { readonly dependencies: Record<string, string> };
  return dependencies[name] ?? 'unknown';
}

export function versionIn(text: string): string {
  return /\d+(?:\.\d+)+(?:p\d+)?/.exec(text)?.[0] ?? 'unknown';
}

function namesIn(providers: string): readonly string[] {
  return (JSON.parse(providers) as readonly { readonly Name: string }[]).map(({ Name }) => Name);
}
