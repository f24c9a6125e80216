import { readdirSync, readFileSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

/** In the environment of all that a run starts, so that a process is known for the run's even where nobody noted it. */
export const runIdVariable = 'CLOUD_SYNC_RUN_ID';

/**
 * Processes of a run that lead a group, as each does that a run starts: what a script has left in the background on
 * purpose leads none. Found on Linux only, and only those of this user.
 */
export function processesOfRun(runId: string): readonly ProcessIdentity[] {
  const wanted = `${runIdVariable}=${runId}`;
  return processIds()
    .filter((pid) => read(pid, 'environ').split('\0').includes(wanted) && groupOf(pid) === pid)
    .map(identifyProcess);
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Field 5 of `proc_pid_stat(5)`; the second, in brackets, may hold anything. */
function groupOf(pid: number): number {
  return Number(
    read(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ')[2],
  );
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended, or belongs to somebody else.
    return '';
  }
}
