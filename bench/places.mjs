import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function inBench(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

export function inProject(path) {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

export const cli = inProject('dist/cli.js');

/** A directory for the time of the callback. */
export async function withDirectory(callback) {
  const directory = mkdtempSync(join(tmpdir(), 'cloudsync-bench-'));
  try {
    return await callback(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
