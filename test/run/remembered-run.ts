import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import type { ResolvedTask } from '../../src/model/desired.ts';
import { type MemoryPen, noMemory, noPen, type SuccessFacts, type TaskMemory } from '../../src/model/memory.ts';
import { isSuccess } from '../../src/model/run.ts';
import type { Ending } from '../../src/run/ending.ts';
import type { RunOrder, RunTools } from '../../src/run/run-order.ts';
import { runTask } from '../../src/run/run-task.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { cutOffsInMemory } from './cut-offs-in-memory.ts';
import { type Heard, rclone } from './local-task.ts';
import { realTools } from './real-run.ts';

export interface RememberedRun {
  readonly ending: Ending;
  readonly heard: Heard;
}

/** Runs of one task, each with what the ones before it have left; a wait between two attempts passes at once. */
export function rememberedRuns(directory: TemporaryDirectory) {
  let memory: TaskMemory = noMemory;
  let runs = 0;
  const cutOffs = cutOffsInMemory();

  async function run(
    task: ResolvedTask,
    part: Partial<RunOrder> = {},
    binary = rclone,
    onSpawned: (pid: number) => unknown = () => {},
  ): Promise<RememberedRun> {
    runs += 1;
    let facts: Partial<SuccessFacts> = {};
    const pen: MemoryPen = {
      async note(patch) {
        memory = { ...memory, ...patch };
        return { ok: true };
      },
      onSuccess(more) {
        facts = { ...facts, ...more };
      },
    };
    const heard = realTools(directory, { cutOffs }, binary);
    const tools: RunTools = {
      ...heard,
      memory: part.dryRun === true ? noPen : pen,
      async onSpawned(pid) {
        await heard.onSpawned(pid);
        void onSpawned(pid);
      },
      emit(event) {
        heard.emit(event);
        const waits = event.type === 'RunLog' && event.message.includes('trying again in');
        if (waits) queueMicrotask(() => heard.clock.advance(3_600_000));
      },
    };
    const ending = await runTask(order(`photos-${runs}`, { task, memory, ...part }), tools);
    if (isSuccess(ending.outcome) && part.dryRun !== true) {
      memory = { ...memory, success: { ...facts, specHash: task.specHash, at: heard.clock.now() } };
    }
    return { ending, heard };
  }

  return {
    run,
    cutOffs,
    get memory() {
      return memory;
    },
  };
}

/**
 * An rclone that does something of its own before each transfer that is no dry run. In the script, `$real` is the real
 * rclone and `$runs` counts such transfers, from 1.
 */
export async function meddlingRclone(directory: TemporaryDirectory, script: string): Promise<string> {
  const real = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', rclone], { encoding: 'utf8' }).trim();
  const counter = directory.at('transfers');
  const binary = await directory.write(
    'meddling-rclone',
    [
      '#!/bin/bash',
      `real='${real}'`,
      'case "$1 $*" in *--dry-run*) ;; sync*|copy*|move*)',
      `  echo x >> '${counter}'; runs=$(wc -l < '${counter}')`,
      script,
      '  ;; esac',
      'exec "$real" "$@"',
      '',
    ].join('\n'),
  );
  await chmod(binary, 0o755);
  return binary;
}
