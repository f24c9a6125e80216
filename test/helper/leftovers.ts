import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Finds the processes that have to do with a directory: by their command line, their environment, the directory they
 * are in or the files they hold open. A server that has overwritten its environment still holds its log.
 */
export function processesOf(directory: string): readonly LeftProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const folder = join('/proc', name);
    const isOurs = traces(folder).some((trace) => trace.includes(directory));
    const isWorker = commandOf(folder).includes('/vitest/dist/');
    return isOurs && !isWorker && isRunning(folder) ? [{ pid: Number(name), command: commandOf(folder) }] : [];
  });
}

function traces(folder: string): readonly string[] {
  const files = attempt(() => readdirSync(join(folder, 'fd'))) ?? [];
  return [
    ...['cmdline', 'environ'].map((name) => readFile(join(folder, name))),
    ...['cwd', ...files.map((name) => join('fd', name))].map((name) => readLink(join(folder, name))),
  ];
}

/** What has ended and waits for its parent to ask is not running. */
function isRunning(folder: string): boolean {
  return !/^State:\s+[ZX]/m.test(readFile(join(folder, 'status')));
}

function commandOf(folder: string): string {
  return readFile(join(folder, 'cmdline')).replaceAll('\0', ' ').trim();
}

function readFile(path: string): string {
  return attempt(() => readFileSync(path, 'utf8')) ?? '';
}

function readLink(path: string): string {
  return attempt(() => readlinkSync(path)) ?? '';
}

/** Processes end while we look at them, and some belong to others. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
