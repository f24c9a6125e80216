import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { cli } from './places.mjs';

/**
 * Starts a daemon, by itself over a state directory that is new; resolves once the tasks of the directory are in force.
 * `readyMs` is what that took, `next` resolves with the next line of its log that has the text, and `stop` ends it and
 * waits for its end.
 */
export async function startDaemon(manifests, parameters = [], state = mkdtempSync(`${manifests}-state-`)) {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [cli, '--tasks', manifests, '--state-dir', state, ...parameters, 'daemon', '--log-format', 'json', '--grace', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let last = '';
  const waiting = new Map();
  createInterface({ input: child.stderr }).on('line', (line) => {
    last = line;
    for (const [resolve, text] of waiting) if (line.includes(text) && waiting.delete(resolve)) resolve(line);
  });
  while (!(await isServed(state))) {
    if (child.exitCode !== null) throw new Error(`The daemon ended before it was ready: ${last}`);
    await pause(3);
  }
  return {
    ...{ pid: child.pid, state, readyMs: performance.now() - start },
    next: (text) => new Promise((resolve) => waiting.set(resolve, text)),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** It serves what it is asked for once its schedules are in force; before, it refuses. */
function isServed(state) {
  return new Promise((resolve) => {
    const asking = request(
      { socketPath: join(state, 'daemon.sock'), method: 'POST', path: '/v1/tasks/nobody/abort' },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    asking.on('error', () => resolve(false));
    asking.end();
  });
}

/** Resolves when the process has had next to nothing to do for a second. */
export async function untilQuiet(pid) {
  let before = Number.NEGATIVE_INFINITY;
  for (let now = cpuMs(pid); now - before > 20; now = cpuMs(pid)) {
    before = now;
    await pause(1000);
  }
}

/** Milliseconds of processor time that a process has used, from /proc, in which the clock ticks a hundred times a second. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Megabytes of memory that a process holds, from /proc. */
export function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}
