import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cli } from './places.mjs';

/**
 * Starts a daemon that knows no tasks yet; resolves once those of the directory are in force. `stop` ends it and waits
 * for its end.
 */
export async function startDaemon(manifests, parameters = []) {
  const state = mkdtempSync(`${manifests}-state-`);
  const child = spawn(
    process.execPath,
    [cli, '--tasks', manifests, '--state-dir', state, ...parameters, 'daemon', '--log-format', 'json', '--grace', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  let last = '';
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line;
      if (line.includes('"Reconciled"')) resolve();
    });
    ended.then(() => reject(new Error(`The daemon ended before it was ready: ${last}`)));
  });
  await ready;
  return { pid: child.pid, state, stop };
}

/** Megabytes of memory that a process holds, from /proc. */
export function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}
