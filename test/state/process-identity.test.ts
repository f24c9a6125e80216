import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { identifyProcess, isSameProcess, processIdentity, stopOrphan } from '../../src/state/process-identity.ts';

/** A process that leads a group and says when it is ready. It has ended when all that hold its output have. */
async function startGroup(script: string): Promise<{ child: ChildProcess; pid: number; ended: Promise<unknown> }> {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('the process did not start');
  return { child, pid: child.pid, ended };
}

describe('process identity', () => {
  test('this process is the same, another number, start or boot is not', () => {
    expect(isSameProcess(processIdentity)).toBe(true);
    expect(isSameProcess({ ...processIdentity, startTime: '1' })).toBe(false);
    expect(isSameProcess({ ...processIdentity, bootId: 'another' })).toBe(false);
    expect(isSameProcess({ ...processIdentity, pid: 2 ** 30 })).toBe(false);
  });

  test('what cannot be told is taken for a stranger', () => {
    expect(isSameProcess({ ...processIdentity, startTime: null })).toBe(false);
    expect(isSameProcess({ ...processIdentity, bootId: null })).toBe(false);
    expect(identifyProcess(2 ** 30).startTime).toBeNull();
  });

  test('an orphan is ended with its group', async () => {
    const { pid, ended } = await startGroup('sleep 1000 & echo ready; wait');
    await stopOrphan(identifyProcess(pid));
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  test('a stranger with the same number is left alone', async () => {
    const { child, pid, ended } = await startGroup('echo ready; sleep 1000');
    await stopOrphan({ ...identifyProcess(pid), startTime: '1' });
    expect(isSameProcess(identifyProcess(pid))).toBe(true);
    child.kill('SIGKILL');
    process.kill(-pid, 'SIGKILL');
    await ended;
  });
});
