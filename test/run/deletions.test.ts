import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Deletions } from '../../src/model/memory.ts';
import { noMemory } from '../../src/model/memory.ts';
import { allowedDeletes } from '../../src/run/delete-limit.ts';
import { deleteRefusal } from '../../src/run/delete-refusal.ts';
import { addDeletions, deletionsOf, deletionsWith, noDeletions } from '../../src/run/deletions.ts';
import { openLedger } from '../../src/run/ledger.ts';
import { resolvedTask, taskSpec } from '../helper/build.ts';
import { order } from './book.ts';

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 30 });

describe('deletions', () => {
  test('are a set: each path counts once, whatever the order and however often it comes', () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 5 }), names, (rounds, wanted) => {
        const known = rounds.reduce<Deletions>((all, paths) => addDeletions(all, paths), noDeletions('spec', 100));
        const union = new Set(rounds.flat());
        expect(known.paths).toHaveLength(union.size);
        expect(known.others).toBe(0);
        expect(deletionsWith(known, wanted)).toBe(new Set([...union, ...wanted]).size);
        expect(addDeletions(known, rounds.flat())).toEqual(known);
      }),
    );
  });

  test('beyond those whose paths are kept are counted, and never fewer than there are', () => {
    const many = Array.from({ length: 20_010 }, (_, index) => `file-${index}`);
    const known = addDeletions(noDeletions('spec', 100_000), many);
    expect(known).toMatchObject({ others: 10, paths: { length: 20_000 } });
    expect(deletionsWith(known, [])).toBe(20_010);
    expect(deletionsWith(known, many)).toBeGreaterThanOrEqual(20_010);
  });

  test('of another spec say nothing', () => {
    const deletions = noDeletions('spec', 1);
    expect(deletionsOf({ ...noMemory, deletions }, 'spec')).toBe(deletions);
    expect(deletionsOf({ ...noMemory, deletions }, 'other')).toBeNull();
  });
});

describe('the ledger', () => {
  type Round = {
    readonly planned: readonly string[];
    readonly done: number;
    readonly byItself: boolean;
  };
  const round: fc.Arbitrary<Round> = fc.record({ planned: names, done: fc.nat({ max: 30 }), byItself: fc.boolean() });

  test('with any rounds of rehearsals, kills and failures: what was deleted since the last success is within the limit', async () => {
    const runs = fc.array(fc.array(round, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(runs, fc.integer({ min: 0, max: 100 }), async (story, percentage) => {
        const destinationFiles = 30;
        const maxDelete = { kind: 'percentage', percentage } as const;
        const task = resolvedTask('photos', { spec: taskSpec({ safety: { ...taskSpec().safety, maxDelete } }) });
        let memory = noMemory;
        const gone = new Set<string>();
        for (const attempts of story) {
          const asked = order('photos-1', { task, memory });
          const ledger = openLedger(asked, {
            memory: {
              async note(patch) {
                memory = { ...memory, ...patch };
                return { ok: true };
              },
              onSuccess: () => {},
            },
          });
          let first: number | null = null;
          let deleted = 0;
          for (const { planned, done, byItself } of attempts) {
            const deletes = new Set(planned.filter((path) => !gone.has(path)));
            if (deletes.size === 0) continue;
            if (deleteRefusal(asked, { deletes, destinationFiles }, ledger) !== null) continue;
            first ??= deletes.size;
            ledger.rehearsed(deletes);
            await ledger.begin({ paths: deletes, unnamed: 0, destinationFiles });
            const paths = [...deletes].slice(0, done);
            for (const path of paths) gone.add(path);
            deleted += paths.length;
            // A process that was killed may not have logged the last of them.
            const logged = byItself ? paths : paths.slice(0, -1);
            await ledger.end({ paths: logged, byItself, stoppedAtBound: false });
          }
          if (first !== null) expect(deleted).toBeLessThanOrEqual(first);
          expect(gone.size).toBeLessThanOrEqual(allowedDeletes(maxDelete, destinationFiles));
        }
      }),
    );
  });

  test('a stop at the bound outlives successes without deletions, and ends with one that was allowed', async () => {
    const task = resolvedTask();
    let memory = noMemory;
    const pen = {
      async note(patch: Partial<typeof noMemory>) {
        memory = { ...memory, ...patch };
        return { ok: true } as const;
      },
      onSuccess: () => {},
    };
    const open = (allowDeletes: number | null) =>
      openLedger(order('photos-1', { task, memory, allowDeletes }), { memory: pen });
    const stopped = open(null);
    await stopped.begin({ paths: new Set(['a']), unnamed: 0, destinationFiles: 50 });
    await stopped.end({ paths: [], byItself: true, stoppedAtBound: true });
    await open(null).settle();
    expect(memory.deletions).toMatchObject({ stoppedAtBound: true, paths: [], destinationFiles: 50 });
    await open(1).settle();
    expect(memory.deletions).toBeNull();
  });
});
