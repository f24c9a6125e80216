import { rm, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { runTask } from '../../src/run/run-task.ts';
import { type FileTree, readTree, writeTree } from '../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { order } from './book.ts';
import { type Heard, localTask } from './local-task.ts';
import { rclones, realTools } from './real-run.ts';

const limit = { up: 60_000, down: 60_000 };
const slow = { bandwidthLimit: [{ weekday: null, time: null, limit }], transfers: 1 };
const environment = { ...process.env, PASSWORD: 'password' };
/** Between two folders of one disk a file is only renamed; what is encrypted on the way takes its time. */
const encryption = { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: true };

const files = Object.fromEntries(
  Array.from({ length: 5 }, (_, index) => [`deep/${index}.bin`, `${index}`.repeat(40_000)] as const),
);

describe.each(rclones)('a MOVE by %s', { timeout: 60_000 }, (binary) => {
  async function run(
    directory: TemporaryDirectory,
    part: Partial<TaskSpec>,
    react: (event: Event, heard: Heard) => void,
  ) {
    const heard = realTools(directory, { environment }, binary);
    const task = await localTask(directory, 'photos', { encryption, ...part });
    return runTask(order('photos-1', { task }), {
      ...heard,
      emit(event) {
        heard.emit(event);
        react(event, heard);
      },
    });
  }

  /** As soon as one file has been moved, and the next is on its way. */
  function killAfterFirst(event: Event, { pids }: Heard): void {
    const [pid] = pids;
    if (event.type === 'RunProgress' && event.progress.transfers > 0 && pid !== undefined)
      process.kill(-pid, 'SIGKILL');
  }

  async function contents(directory: TemporaryDirectory, folder: string): Promise<FileTree> {
    return readTree(directory.at(folder), 1_000_000);
  }

  test.each(['PUSH', 'PULL'] as const)(
    'as %s that is killed and repeated loses nothing, and leaves the root of its source',
    async (direction) => {
      await using directory = await temporaryDirectory();
      await writeTree(directory.at('source'), files);
      if (direction === 'PULL') {
        expect(await run(directory, {}, () => {})).toMatchObject({ outcome: 'Succeeded' });
        await rm(directory.at('source'), { recursive: true });
      }
      const move = { direction, transferMode: 'MOVE' } as const;
      const from = direction === 'PUSH' ? 'source' : 'remote/photos';

      const killed = await run(directory, { ...move, ...slow }, killAfterFirst);
      expect(killed).toMatchObject({ outcome: 'Failed', exitCode: null, retryable: true });
      const left = Object.keys(await contents(directory, from)).length;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(5);

      expect(await run(directory, move, () => {})).toMatchObject({ outcome: 'Succeeded' });
      expect(await contents(directory, from)).toEqual({});
      expect((await stat(directory.at(from))).isDirectory()).toBe(true);
      const back = { direction: 'PULL', paths: [directory.at('back')] } as const;
      if (direction === 'PUSH') expect(await run(directory, back, () => {})).toMatchObject({ outcome: 'Succeeded' });
      expect(await contents(directory, direction === 'PUSH' ? 'back' : 'source')).toMatchObject(files);
    },
  );
});
