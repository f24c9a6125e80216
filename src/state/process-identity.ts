import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isRecord } from '../model/json-text.ts';

/** A process told apart from any other that has its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since the machine started; `null` where the system does not tell. */
  readonly startTime: string | null;
  /** Differs with each start of the machine; `null` where the system does not tell. */
  readonly bootId: string | null;
}

/** How long an orphan may take to end after it was asked to, as for a run that is aborted, and after it was killed. */
const stopGraceMs = 30_000;
const killGraceMs = 5_000;
const stopPollMs = 50;

/** This process. */
export const processIdentity = identifyProcess(process.pid);

/** Who a process is, asked while it surely lives. Start times and boot ids are known on Linux only. */
export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid), bootId: readBootId() };
}

/** A process as it was written to a file; `null`: it is not one. */
export function processIdentityIn(value: unknown): ProcessIdentity | null {
  if (!isRecord(value)) return null;
  const { pid, startTime, bootId } = value;
  const isText = (each: unknown): each is string | null => each === null || typeof each === 'string';
  return typeof pid === 'number' && isText(startTime) && isText(bootId) ? { pid, startTime, bootId } : null;
}

/** Whether that very process still lives. Where that cannot be told, the answer is no, so that no stranger is harmed. */
export function isSameProcess({ pid, startTime, bootId }: ProcessIdentity): boolean {
  if (startTime === null || bootId === null) return false;
  return bootId === readBootId() && startTime === startTimeOf(pid);
}

/**
 * Ends a process, with its whole group, that outlived the one that started it. Does nothing to any other. Resolves
 * when it is gone, or when even the kernel could not end it, as with a process that waits for a dead disk.
 */
export async function stopOrphan(orphan: ProcessIdentity): Promise<void> {
  if (isSameProcess(orphan)) signalGroup(orphan.pid, 'SIGTERM');
  if (await isGoneWithin(orphan, stopGraceMs)) return;
  signalGroup(orphan.pid, 'SIGKILL');
  await isGoneWithin(orphan, killGraceMs);
}

async function isGoneWithin(orphan: ProcessIdentity, graceMs: number): Promise<boolean> {
  for (let waitedMs = 0; isSameProcess(orphan); waitedMs += stopPollMs) {
    if (waitedMs >= graceMs) return false;
    await pause(stopPollMs);
  }
  return true;
}

function readBootId(): string | null {
  return readText('/proc/sys/kernel/random/boot_id');
}

/** Field 22 of `proc_pid_stat(5)`; `null` also for a zombie, which is dead but not yet collected. */
function startTimeOf(pid: number): string | null {
  // The second field is the command in brackets, which may hold spaces and brackets of its own.
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  const state = fields?.[0];
  return state === 'Z' || state === 'X' ? null : (fields?.[19] ?? null);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Runs are started in a group of their own, which has the number of its first process. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in between.
  }
}
