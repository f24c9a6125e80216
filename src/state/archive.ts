import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActiveTask } from '../model/active.ts';
import { ok, type Result } from '../model/result.ts';
import { parseActiveTask } from './active-log.ts';
import { writeDurably } from './atomic-write.ts';
import { readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** Flushes at the same time cost a third of as many in a row. */
const writtenAtOnce = 16;

/** Keeps what these tasks were, all or none, under their names and the time; gives the paths. */
export async function archiveTasks(
  { archive }: StateDirectory,
  tasks: readonly ActiveTask[],
  at: number,
): Promise<Result<readonly string[], string>> {
  const time = new Date(at).toISOString().replaceAll(/[-:]/g, '');
  const files = tasks.map((task) => ({ task, path: join(archive, `${task.name}-${time}.json`) }));
  const paths = files.map(({ path }) => path);
  for (let index = 0; index < files.length; index += writtenAtOnce) {
    const group = files.slice(index, index + writtenAtOnce);
    const written = await Promise.all(group.map(({ path, task }) => writeDurably(path, `${JSON.stringify(task)}\n`)));
    const failed = written.find((each) => !each.ok);
    if (failed === undefined) continue;
    await takeBack(paths);
    return failed;
  }
  return ok(paths);
}

export interface ArchivedTask {
  readonly task: ActiveTask;
  /** When it was removed, as its file says: `20260104T030000.000Z`. */
  readonly removedAt: string;
}

/** What was removed last under each name, sorted by name. What cannot be read is left out. */
export async function readArchive({ archive }: StateDirectory): Promise<readonly ArchivedTask[]> {
  const files = await readdir(archive).catch(() => []);
  const latest = new Map<string, string>();
  for (const file of files.sort()) {
    const [, name, removedAt] = /^([a-z0-9-]+)-(\d{8}T\d{6}\.\d{3}Z)\.json$/.exec(file) ?? [];
    if (name !== undefined && removedAt !== undefined) latest.set(name, removedAt);
  }
  const found: ArchivedTask[] = [];
  for (const [name, removedAt] of latest) {
    const path = join(archive, `${name}-${removedAt}.json`);
    const task = await readJsonFile(path, parseActiveTask, 'leave');
    if (task !== null) found.push({ task, removedAt });
  }
  return found;
}

/** For tasks that are not removed after all. */
export async function takeBack(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
}
