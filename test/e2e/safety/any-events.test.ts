import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { taskSpec } from '../../helper/build.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { meddlingRclone, rememberedRuns } from '../../run/remembered-run.ts';

const count = 12;
const limit = 5;
const nameOf = (index: number) => (index % 3 === 0 ? `folder ${index % 4}/é-${index}` : `file-${index}`);
const indexes = fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: count });

/** One run: what changes before it, what vanishes between its rehearsal and rclone, and whether rclone is killed then. */
const event = fc.record({
  lost: indexes,
  changed: indexes,
  vanished: indexes,
  killed: fc.boolean(),
  deletedBefore: fc.nat({ max: 6 }),
});

/**
 * The model is the destination as it was at the last success: since then, no more of it may be missing than the limit,
 * and a run deletes no file that its rehearsal did not name.
 */
test('whatever happens to the source and to rclone, deletions stay within the rehearsal and the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 3 }), async (story) => {
      await using directory = await temporaryDirectory();
      const all = Object.fromEntries(Array.from({ length: count }, (_, index) => [nameOf(index), `${index}`]));
      await writeTree(directory.at('source'), all);
      const safety = { ...taskSpec().safety, maxDelete: { kind: 'count', count: limit } } as const;
      const task = await localTask(directory, 'photos', { transferMode: 'SYNC', safety });
      const { run } = rememberedRuns(directory);
      expect((await run(task)).ending.outcome).toBe('Succeeded');
      const there = async () => Object.keys(await readTree(directory.at('remote/photos')));
      let atSuccess = await there();

      for (const { lost, changed, vanished, killed, deletedBefore } of story) {
        for (const index of lost) await rm(directory.at('source', nameOf(index)), { force: true });
        for (const index of changed) await writeTree(directory.at('source'), { [nameOf(index)]: `${Math.random()}` });
        const before = await there();
        const source = Object.keys(await readTree(directory.at('source')));
        const wanted = before.filter((name) => !source.includes(name));
        const removed = vanished.map((index) => `rm -f '${directory.at('source', nameOf(index))}'`);
        // A killed rclone has deleted some of what it was to delete, and has logged nothing of it.
        const deleted = wanted.slice(0, deletedBefore).map((name) => `rm -f '${directory.at('remote/photos', name)}'`);
        const script = [':', ...removed, ...(killed ? [...deleted, 'kill -9 $$'] : [])].join('\n');
        await rm(directory.at('transfers'), { force: true });
        const { ending } = await run(task, {}, await meddlingRclone(directory, script));

        const after = await there();
        const missing = before.filter((name) => !after.includes(name));
        expect(wanted).toEqual(expect.arrayContaining(missing));
        expect(missing.length).toBeLessThanOrEqual(limit);
        if (ending.outcome === 'Succeeded') atSuccess = after;
        expect(atSuccess.filter((name) => !after.includes(name)).length).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 3 },
  );
}, 120_000);
