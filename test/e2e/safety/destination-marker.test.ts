import { mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../../src/model/history.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

const environment = { ...process.env, CRYPT: 'a long password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };
const safety = { ...taskSpec().safety, requireMarker: '.here', requireDestinationMarker: true };

async function run(directory: TemporaryDirectory, part: Partial<TaskSpec>) {
  const task = await localTask(directory, 'photos', { safety, ...part });
  return (await realRun(task, realTools(directory, { environment }))).ending;
}

describe('the marker at the destination', () => {
  test.each(['COPY', 'SYNC', 'MOVE'] as const)(
    'is missing: %s is refused and touches nothing',
    async (transferMode) => {
      await using directory = await temporaryDirectory();
      await writeTree(directory.at('source'), { '.here': '', file: 'f' });
      // A folder of that name is no marker.
      await mkdir(directory.at('remote/photos/.here'), { recursive: true });
      await writeTree(directory.at('remote/photos'), { precious: 'p' });
      expect(await run(directory, { transferMode })).toMatchObject({
        outcome: 'Blocked',
        lastError:
          'the marker .here is missing at here:photos (spec.safety.requireDestinationMarker); check that this is the right ' +
          'place, and put the file there: a run without spec.safety.requireMarker sends it from the source',
      });
      expect(await readTree(directory.at('remote/photos'))).toEqual({ precious: 'p' });
      expect(await readTree(directory.at('source'))).toEqual({ '.here': '', file: 'f' });
    },
  );

  test('is refused for a PULL as well, and where the folder is not there', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { '.here': '' });
    const pull = { direction: 'PULL', transferMode: 'SYNC' } as const;
    expect((await run(directory, pull)).lastError).toContain('the marker .here is missing at here:photos');
    await writeTree(directory.at('remote/photos'), { '.here': '', file: 'f' });
    expect(await run(directory, pull)).toMatchObject({ outcome: 'Succeeded' });
  });

  test.each([
    ['plain', null],
    ['encrypted', encryption],
  ])('is sent by a run without the marker, found after that, and never deleted: %s', async (_, cipher) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { '.here': '', file: 'f' });
    const part = { encryption: cipher, transferMode: 'SYNC' } as const;
    expect(await run(directory, part)).toMatchObject({ outcome: 'Blocked' });
    expect(await run(directory, { ...part, safety: taskSpec().safety })).toMatchObject({ outcome: 'Succeeded' });
    await writeTree(directory.at('source'), { another: 'a' });
    const before = Object.keys(await readTree(directory.at('remote/photos')));
    expect(await run(directory, part)).toMatchObject({ outcome: 'Succeeded', stats: { transfers: 1, deletes: 0 } });
    const after = Object.keys(await readTree(directory.at('remote/photos')));
    expect(before.every((path) => after.includes(path))).toBe(true);
    expect(after).toHaveLength(3);
  });

  test('a restore neither asks for it nor puts it onto a disk that may not be mounted', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { '.here': '', file: 'f' });
    await run(directory, { safety: taskSpec().safety });
    const task = await localTask(directory, 'photos', { safety });
    const order = { directory: directory.at('back'), backup: null, intoExisting: false, dryRun: false, include: [] };
    const about = { runId: 'restore-1', history: emptyHistory };
    expect((await restore(task, order, about, realTools(directory))).ending.outcome).toBe('Succeeded');
    expect(await readTree(directory.at('back'))).toEqual({ file: 'f' });
    await rm(directory.at('remote/photos/.here'));
    const again = { ...order, directory: directory.at('again') };
    expect((await restore(task, again, about, realTools(directory))).ending.outcome).toBe('Succeeded');
  });
});
