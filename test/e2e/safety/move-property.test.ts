import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/model/event.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { tryRun } from './place.ts';

const name = fc.constantFrom('a', 'A', 'b', 'deep/a', 'deep/b', 'deep/down/c', ' edge ', '#x', 'n\nl');
const content = fc.constantFrom('one', 'two', 'six', 'another length', '');
const files = fc.dictionary(name, content, { maxKeys: 6 });
/** What somebody does at the source, each as soon as a further file was copied. */
const act = fc.record({ path: name, content: fc.option(fc.constantFrom('ONE', 'TWO', 'SIX', 'YET another length')) });

interface Trial {
  readonly direction: 'PUSH' | 'PULL';
  readonly source: Readonly<Record<string, string>>;
  readonly destination: Readonly<Record<string, string>>;
  readonly acts: readonly { readonly path: string; readonly content: string | null }[];
}

const trial: fc.Arbitrary<Trial> = fc.record({
  direction: fc.constantFrom('PUSH', 'PULL'),
  source: files,
  destination: files,
  acts: fc.array(act, { maxLength: 4 }),
});

describe.each(rclones)('a MOVE by %s', { timeout: 300_000 }, (binary) => {
  test('loses no content that only its source held, whatever others do to it meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(trial, async ({ direction, source, destination, acts }) => {
        await using directory = await temporaryDirectory();
        const [from, to] = direction === 'PUSH' ? ['source', 'far'] : ['far', 'source'];
        await writeTree(directory.at(from), source);
        await writeTree(directory.at(to), destination);
        // Within one tick of the clock, two files of one size would be equal by size and time.
        const old = new Date('2024-01-01');
        for (const path of Object.keys(destination)) utimesSync(directory.at(to, path), old, old);
        /** What others have written last; what they removed themselves is not missed. */
        const written = new Map(Object.entries(source));
        const waiting = [...acts];
        const react = (event: Event) => {
          if (event.type !== 'RunChange' || event.change.action !== 'copy') return;
          const next = waiting.shift();
          if (next === undefined) return;
          if (next.content === null) {
            rmSync(directory.at(from, next.path), { force: true });
            written.delete(next.path);
          } else if (written.has(next.path) || !next.path.includes('/')) {
            writeFileSync(directory.at(from, next.path), next.content);
            written.set(next.path, next.content);
          }
        };
        const { ending } = await tryRun({ transferMode: 'MOVE', direction }, { directory, binary, react });
        const [here, there] = [await readTree(directory.at(from)), await readTree(directory.at(to))];
        for (const [path, last] of written) {
          // What is gone at the source is at the destination, as it was last written.
          expect(here[path] ?? there[path], `${path} after ${ending.outcome}`).toBe(last);
        }
        if (acts.length > 0) return;
        expect([ending.outcome, here]).toEqual(['Succeeded', {}]);
        expect(there).toEqual({ ...destination, ...source });
      }),
      { numRuns: 12 },
    );
  });
});
