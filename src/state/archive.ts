import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActiveTask } from '../model/active.ts';
import { ok, type Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
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

/** For tasks that are not removed after all. */
export async function takeBack(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
}
