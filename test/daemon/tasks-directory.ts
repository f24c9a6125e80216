import { mkdir } from 'node:fs/promises';
import type { DaemonOptions } from '../../src/daemon/daemon.ts';
import type { Settings } from '../../src/daemon/settings.ts';
import { everything } from '../../src/model/selection.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { eventCollector } from '../run/event-collector.ts';

/** As the project has it: one that refuses, or the real one. */
const { CLOUDSYNC_RCLONE = 'rclone' } = process.env;

export interface TasksDirectory extends TemporaryDirectory {
  readonly settings: Settings;
  /** A task that copies the folder `source` to `remote/NAME`, with these lines in its spec. */
  writeTask(name: string, ...lines: readonly string[]): Promise<string>;
}

/** A tasks directory with a credential for a folder beside it, and a file to copy. */
export async function tasksDirectory(part: Partial<Settings> = {}): Promise<TasksDirectory> {
  const directory = await temporaryDirectory();
  const tasks = directory.at('tasks.d');
  await mkdir(directory.at('remote'));
  await directory.write('source/a.txt', 'abc');
  await directory.write(
    'tasks.d/here.yaml',
    `apiVersion: cloudsync/v1
kind: CloudCredential
metadata: { name: here }
spec: { provider: local, options: { root: ${directory.at('remote')} } }
`,
  );
  return {
    ...directory,
    settings: {
      ...{ tasksName: tasks, tasksDirectory: tasks, stateDirectory: directory.at('state'), statusDirectory: null },
      stateOrigin: 'named',
      rclone: CLOUDSYNC_RCLONE,
      ...{ commands: true, pathRoots: [], maxConcurrentRuns: 4, version: '1.2.3' },
      ...{ selection: everything, prune: 'guarded', pruneGraceMs: 0, strict: false },
      ...part,
    },
    writeTask: (name, ...lines) => directory.write(`tasks.d/${name}.yaml`, taskManifest(directory, name, lines)),
  };
}

function taskManifest(directory: TemporaryDirectory, name: string, lines: readonly string[]): string {
  return `apiVersion: cloudsync/v1
kind: CloudSyncTask
metadata: { name: ${name} }
spec:
  direction: PUSH
  path: ${directory.at('source')}
  remote: { credential: here, folder: ${name} }
${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** For a session or a daemon over that directory, at a time that stands still. */
export function sessionOptions({ settings }: TasksDirectory) {
  const clock = fakeClock();
  const told = eventCollector();
  const options: DaemonOptions = {
    ...{ settings, clock, environment: process.env, emit: told.emit, watch: 'off', apply: 'auto', graceMs: 30_000 },
    listen: null,
  };
  return { options, clock, told };
}
