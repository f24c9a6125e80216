import { chmod } from 'node:fs/promises';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';

/** A stand-in for rclone that does something else for each of its commands, in the words of `sh`. */
export async function shellRclone(
  directory: Pick<TemporaryDirectory, 'write'>,
  commands: Readonly<Record<string, string>>,
): Promise<string> {
  const cases = Object.entries({ version: 'echo "rclone v1.60.1-DEV"', ...commands });
  const lines = cases.map(([name, script]) => `${name}) ${script} ;;`);
  const binary = await directory.write('shell-rclone', `#!/bin/sh\ncase "$1" in\n${lines.join('\n')}\nesac\n`);
  await chmod(binary, 0o755);
  return binary;
}
