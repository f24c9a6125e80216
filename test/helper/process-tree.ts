import { readdirSync, readFileSync } from 'node:fs';

/** Every process that descends from this one now, nearest first. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = processes().map((each) => [each, parentOf(each)] as const);
  const found: number[] = [];
  for (let generation = [pid]; generation.length > 0; ) {
    generation = parents.flatMap(([each, parent]) => (parent !== null && generation.includes(parent) ? [each] : []));
    found.push(...generation);
  }
  return found;
}

/** Every process that was started with this as its home directory. */
export function processesAtHome(home: string): readonly number[] {
  return processes().filter((pid) => read(`/proc/${pid}/environ`)?.split('\0').includes(`HOME=${home}`) === true);
}

/** False also for a process that has ended and was not collected by its parent. */
export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The words a process was started with; empty when it is gone. */
export function commandLineOf(pid: number): readonly string[] {
  return (read(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1);
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

function processes(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function parentOf(pid: number): number | null {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** The fields of `proc_pid_stat(5)` from the third on: the second may hold spaces and brackets. */
function statOf(pid: number): readonly string[] | undefined {
  return read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
