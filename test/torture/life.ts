import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { followDaemon } from '../helper/daemon-process.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

/** How one daemon is to die. */
export interface Death {
  readonly fault: Fault;
  /** Of a failpoint: the how manieth call it is. */
  readonly count: number;
  /** Whether it may die before it has recovered. */
  readonly armed: 'start' | 'signal';
  /** Of a random moment: milliseconds. */
  readonly afterMs: number;
}

/** A daemon that serves. */
export interface LivingDaemon {
  readonly pid: number;
  readonly startedAt: number;
  isAlive(): boolean;
}

/** A daemon that has not come to its failpoint by then does something else; each task was due by then. */
const patienceMs = 2_000;

interface Stages {
  /** It has recovered, and its failpoint may not be armed yet. */
  serving(daemon: LivingDaemon): Promise<void>;
  /** From here on it dies at its failpoint. */
  armed(): Promise<void>;
}

/**
 * Starts a daemon, and does not return before it is dead. `reached` is false where the failpoint was not passed, and
 * the daemon was killed at a moment of no choice.
 */
export async function liveUntil(world: World, death: Death, stages: Stages): Promise<{ readonly reached: boolean }> {
  const startedAt = Date.now();
  const { fault, count, armed, afterMs } = death;
  const failpoint = fault.kind === 'failpoint' ? { ...fault, count, armed } : {};
  const child = spawn(
    process.execPath,
    ['--import', './test/torture/failpoints.mjs', 'dist/cli.js', 'daemon', '--log-format', 'json'],
    {
      env: { ...world.environment, CLOUDSYNC_TASKS: world.tasks, CLOUDSYNC_FAILPOINT: JSON.stringify(failpoint) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C that ends the torture is not to end the daemon too, which would then die at no fault.
      detached: true,
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('The daemon could not be started');
  const exited = once(child, 'exit');
  let reached = false;
  child.stdout.on('data', () => {
    reached = true;
  });

  const isMoment = fault.kind === 'moment';
  const early = isMoment && fault.since === 'start' ? killAfter(child, afterMs) : null;
  const daemon = await followDaemon(Object.assign(child, { pid }), world.state).catch((error: unknown) => {
    if (child.signalCode !== 'SIGKILL') throw error;
    return null;
  });
  if (daemon !== null) await stages.serving({ pid, startedAt, isAlive: () => !isDead(child) });
  child.kill('SIGUSR2');
  await stages.armed();
  await Promise.race([exited, pause(isMoment ? afterMs : patienceMs)]);
  child.kill('SIGKILL');
  await Promise.all([exited, early]);
  if (child.signalCode !== 'SIGKILL') throw new Error(`The daemon ended by itself (${child.exitCode})`);
  return { reached: reached || isMoment };
}

function isDead({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function killAfter(child: ChildProcess, afterMs: number): Promise<void> {
  await pause(afterMs);
  child.kill('SIGKILL');
}
