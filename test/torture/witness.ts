import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAlive, kill } from '../helper/process-tree.ts';

/** A process that a run really started, told by the process itself. */
export interface Sighting {
  readonly kind: 'script' | 'transfer';
  readonly pid: number;
  readonly runId: string;
}

export async function readWitness(path: string): Promise<readonly Sighting[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line): Sighting[] => {
    const [kind, pid, runId = ''] = line.split(' ');
    return kind === 'script' || kind === 'transfer' ? [{ kind, pid: Number(pid), runId }] : [];
  });
}

/** Not for a stranger that has the number now: the process carries the path of the witness' directory and the run. */
export function isAtWork({ pid, runId }: Sighting): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`CLOUD_SYNC_RUN_ID=${runId}`);
  } catch {
    return false;
  }
}

export async function endProcesses(path: string): Promise<void> {
  for (const sighting of await readWitness(path)) if (isAtWork(sighting)) kill(-sighting.pid);
}
