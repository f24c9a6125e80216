import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CutOff } from '../../../src/model/cut-off.ts';
import { openCutOffs } from '../../../src/run/cut-off/cut-offs.ts';
import { isSuspect } from '../../../src/run/cut-off/suspects.ts';
import { temporaryState } from '../../state/open-state.ts';

const path = fc.nat({ max: 30 }).map((number) => `sub/${number}`);
const spec = fc.constantFrom('one', 'one', 'one', 'two');

/** What happens at a place, one tick after the other. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('cut' as const), spec, path, listed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('whole' as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gone' as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
);

/** Longer than what is kept of one spec. */
const steps = fc.array(step, { minLength: 20, maxLength: 50, size: 'max' });

test('a file is suspected as long as it is as a run cut it off, through every crash', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (happened) => {
      await using directory = await temporaryState();
      const open = (now: number) =>
        openCutOffs({ state: directory.state, onCorrupt: failing, onError: failing, now: at(now) });
      let kept = await open(0);
      /** What is at the place: when it was last written, and whether it is cut off. */
      const files = new Map<string, { readonly modified: number; readonly cut: boolean }>();
      for (const [index, what] of happened.entries()) {
        const now = index * 10 + 10;
        switch (what.kind) {
          case 'cut': {
            const cutOff = cutOffOf(what, `run-${index}`, now);
            await kept.put(cutOff);
            files.set(what.path, { modified: now + 1, cut: true });
            // One of two dies with its process.
            if (index % 2 === 0) await kept.put({ ...cutOff, until: at(now + 2) });
            else kept = await open(now + 2);
            break;
          }
          case 'whole':
            // rclone gives it the time of its source; a person the time of now, when no run is under way.
            files.set(what.path, { modified: index % 2 === 0 ? -100 : now + 5, cut: false });
            break;
          case 'gone':
            files.delete(what.path);
            break;
          case 'crash':
            kept = await open(now);
            break;
        }
        const all = await kept.all();
        for (const [name, { modified, cut }] of files) {
          const file = { path: name, modified: new Date(at(modified)).toISOString() };
          const suspected = all.some((cutOff) => isSuspect({ cutOff, named: true, covered: true }, file));
          if (cut) expect(suspected, `${name} at ${now}`).toBe(true);
          else if (modified === -100) expect(suspected, `${name} at ${now}`).toBe(false);
        }
        for (const each of new Set(all.map(({ specHash }) => specHash))) {
          expect(all.filter(({ specHash }) => specHash === each).length).toBeLessThanOrEqual(16);
        }
      }
      expect(new Set(await (await open(1e6)).all())).toEqual(new Set(await kept.all()));
      await kept.drop((await kept.all()).map(({ runId }) => runId));
      expect(await (await open(1e6)).all()).toEqual([]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

interface Cut {
  readonly spec: string;
  readonly path: string;
  readonly listed: boolean;
}

function cutOffOf({ spec: specHash, path: written, listed }: Cut, runId: string, now: number): CutOff {
  return {
    ...{ runId, task: 'photos', specHash, encrypted: false },
    places: [{ kind: 'path', path: '/photos', folder: null }],
    from: at(now),
    until: null,
    expected: listed ? { count: 1, paths: [written] } : null,
  };
}

function at(tick: number): number {
  return Date.UTC(2026, 0, 1) + tick * 1000;
}

function failing(): never {
  throw new Error('nothing of this state is corrupt');
}
