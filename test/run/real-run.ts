import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ResolvedTask } from '../../src/model/desired.ts';
import { inspectRclone } from '../../src/rclone/binary.ts';
import type { Ending } from '../../src/run/ending.ts';
import type { RunTools } from '../../src/run/run-order.ts';
import { runTask } from '../../src/run/run-task.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { type Heard, rclone, runTools } from './local-task.ts';

const newest = fileURLToPath(new URL('../../build/rclone-newest/usr/bin/rclone', import.meta.url));

/** The one that is used otherwise, and the newest if `script/rclone-newest` has brought it. */
export const rclones: readonly string[] = [...new Set([rclone, ...(existsSync(newest) ? [newest] : [])])];

export interface RealRun {
  readonly ending: Ending;
  readonly heard: Heard;
  /** What scripts and rclone said. */
  readonly said: readonly string[];
}

/** Tools of a run whose state lies in the directory, and whose rclone is asked for its version. */
export function realTools(directory: TemporaryDirectory, part: Partial<RunTools> = {}, binary: string = rclone): Heard {
  return runTools(binary, {
    inspectBinary: () => inspectRclone(binary),
    state: stateDirectory(directory.at('state')),
    ...part,
  });
}

export async function realRun(task: ResolvedTask, heard: Heard, dryRun = false): Promise<RealRun> {
  const ending = await runTask(order('photos-1', { task, dryRun }), heard);
  return { ending, heard, said: saidIn(heard) };
}

export function saidIn({ events }: Heard): readonly string[] {
  return events.flatMap((event) => (event.type === 'RunLog' ? [event.message] : []));
}
