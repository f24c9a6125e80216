import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { processesOf } from './leftovers.ts';
import { kill } from './process-tree.ts';

/** What each project needs to be made before, and by which command. */
const needed: Readonly<Record<string, readonly [string, string]>> = {
  unit: ['src/manifest/generated', 'npm run generate'],
  rclone: ['src/manifest/generated', 'npm run generate'],
  e2e: ['dist/cli.js', 'npm run build'],
};

/** Vitest loads this file once for each project; the first one makes the directory of the run and removes it. */
export default function setup(project: TestProject): (() => void) | undefined {
  const [path, command] = needed[project.name] ?? ['package.json', ''];
  if (!existsSync(path)) throw new Error(`${path} is missing; run: ${command}`);
  const { CLOUDSYNC_TEST_RUN } = process.env;
  if (CLOUDSYNC_TEST_RUN !== undefined) return undefined;
  // All that the tests make is in here, and all that they start knows it as `TMPDIR`.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'cst-'));
  // Some tests run as another user, who has to get to what is below.
  chmodSync(directory, 0o711);
  // A state that no test has asked for is found here too, and not in the home of whoever runs the tests.
  const state = { STATE_DIRECTORY: join(directory, 'state'), XDG_STATE_HOME: join(directory, 'xdg-state') };
  Object.assign(process.env, { TMPDIR: directory, CLOUDSYNC_TEST_RUN: directory, ...state });
  const before = statesOfUser();
  return () => endRun(directory, before);
}

/** Fails the run where a test has left something behind, and removes it. */
function endRun(place: string, statesBefore: ReadonlySet<string>): void {
  const processes = processesOf(place);
  for (const { pid } of processes) kill(pid);
  const files = readdirSync(place);
  rmSync(place, { recursive: true, force: true });
  const left = [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...files.map((name) => `in the temporary directory: ${name}`),
    ...[...statesOfUser()].filter((path) => !statesBefore.has(path)).map((path) => `a state: ${path}`),
  ];
  if (left.length === 0) return;
  process.stderr.write(`error: the tests left something behind:\n${left.map((line) => `  ${line}\n`).join('')}`);
  // Vitest reports what a teardown throws, and ends with 0 all the same.
  process.exitCode = 1;
}

/** Where a program keeps its state that was told of no other place, in an environment that is not ours. */
function statesOfUser(): ReadonlySet<string> {
  const folders = ['/var/lib/cloudsync', join(homedir(), '.local/state/cloudsync')].filter((folder) =>
    existsSync(folder),
  );
  return new Set(folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))));
}
