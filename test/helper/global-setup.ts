import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** Of this run; everything that the tests make is in here, and everything that they start knows it as `TMPDIR`. */
let directory: string | null = null;
let projectsOpen = 0;

export default function setup(project: TestProject): () => void {
  const [path, command] = needed[project.name] ?? ['package.json', ''];
  if (!existsSync(path)) throw new Error(`${path} is missing; run: ${command}`);
  if (directory === null) {
    directory = mkdtempSync(join(realpathSync(tmpdir()), 'cst-'));
    Object.assign(process.env, { TMPDIR: directory });
  }
  projectsOpen += 1;
  return () => {
    projectsOpen -= 1;
    if (projectsOpen === 0 && directory !== null) endRun(directory);
  };
}

/** Fails the run where a test has left something behind, and removes it. */
function endRun(place: string): void {
  const processes = processesOf(place);
  for (const { pid } of processes) kill(pid);
  const files = readdirSync(place);
  rmSync(place, { recursive: true, force: true });
  const left = [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...files.map((name) => `in the temporary directory: ${name}`),
  ];
  if (left.length === 0) return;
  process.stderr.write(`error: the tests left something behind:\n${left.map((line) => `  ${line}\n`).join('')}`);
  // Vitest reports what a teardown throws, and ends with 0 all the same.
  process.exitCode = 1;
}
