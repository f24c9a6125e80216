import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TemporaryDirectory } from './temporary-directory.ts';

/** What the stand-in for rclone does, in order; it ends with 0 after the last step. Text is written as it is. */
export interface RcloneScript {
  /** The first line of `rclone version`. */
  readonly version?: string;
  readonly steps: readonly RcloneStep[];
}

export type RcloneStep =
  /** To standard error. */
  | { readonly print: string }
  | { readonly output: string }
  /** So many lines of 100 bytes to standard error. */
  | { readonly flood: number }
  /** The signal does nothing from here on. */
  | { readonly ignore: NodeJS.Signals }
  /** Waits for the signal and then goes on. */
  | { readonly waitFor: NodeJS.Signals }
  /** Starts a process in the same group that never ends. */
  | { readonly child: true }
  | { readonly exit: number };

const program = fileURLToPath(new URL('scripted-rclone.mjs', import.meta.url));

/** Writes an executable that follows the script; gives its path. */
export async function scriptedRclone(directory: TemporaryDirectory, script: RcloneScript): Promise<string> {
  const file = await directory.write('scripted-rclone.json', JSON.stringify(script));
  const binary = await directory.write(
    'scripted-rclone',
    `#!/bin/sh\nSCRIPTED_RCLONE='${file}' exec '${process.execPath}' '${program}' "$@"\n`,
  );
  await chmod(binary, 0o755);
  return binary;
}
