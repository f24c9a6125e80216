import { mkdir } from 'node:fs/promises';
import type { ResolvedTask } from '../../src/model/desired.ts';
import type { Event } from '../../src/model/event.ts';
import { noPen } from '../../src/model/memory.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { findProvider } from '../../src/provider/registry.ts';
import type { RunTools } from '../../src/run/run-order.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../helper/build.ts';
import { type FakeClock, fakeClock } from '../helper/fake-clock.ts';
import { rclone } from '../helper/real-rclone.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { cutOffsInMemory } from './cut-offs-in-memory.ts';

export { rclone };

/** A task from the folder `source` to the folder `remote/photos` of a directory, both of which are made. */
export async function localTask(
  directory: TemporaryDirectory,
  name = 'photos',
  part: Partial<TaskSpec> = {},
): Promise<ResolvedTask> {
  await mkdir(directory.at('source'), { recursive: true });
  await mkdir(directory.at('remote/photos'), { recursive: true });
  return resolvedTask(name, {
    spec: taskSpec({ paths: [directory.at('source')], remote: remoteLocation(), retry: onceOnly, ...part }),
    credential: credentialSpec({ options: { root: directory.at('remote') } }),
  });
}

/** A clock that stands still would never come to a second attempt. */
const onceOnly = { limit: 0, backoffMs: 1000 };

export interface Heard extends RunTools {
  readonly clock: FakeClock;
  readonly events: Event[];
  readonly pids: number[];
  readonly controller: AbortController;
}

export function runTools(binary = rclone, part: Partial<RunTools> = {}): Heard {
  const events: Event[] = [];
  const pids: number[] = [];
  const controller = new AbortController();
  return {
    inspectBinary: async () => ({ ok: true, value: { path: binary, version: [1, 60, 1], versionText: 'v1.60.1' } }),
    confinement: { pathRoots: [], commands: true },
    findProvider: async (name) => {
      const found = findProvider(name);
      return found === null ? { ok: false, error: `no provider ${name}` } : { ok: true, value: found };
    },
    state: stateDirectory('/nonexistent'),
    cutOffs: cutOffsInMemory(),
    tasksDirectory: null,
    environment: process.env,
    processName: 'this test',
    memory: noPen,
    onAttempt: () => {},
    emit: (event) => events.push(event),
    async onSpawned(pid) {
      pids.push(pid);
    },
    signal: controller.signal,
    ...part,
    ...{ clock: fakeClock(), events, pids, controller },
  };
}
