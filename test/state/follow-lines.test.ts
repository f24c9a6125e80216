import { appendFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followLines } from '../../src/state/follow-lines.ts';
import { createRunLog } from '../../src/state/run-log.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const signal = new AbortController().signal;

describe('a log that is followed', () => {
  test('is waited for, told line by line, and ends when nothing more will come', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('run.ndjson');
    let goesOn = true;
    const lines = followLines(path, { goesOn: () => goesOn, signal });
    const first = lines.next();
    await appendFile(path, 'one\n');
    expect(await first).toEqual({ done: false, value: 'one' });
    const second = lines.next();
    await appendFile(path, 'two, of which ');
    await appendFile(path, 'this is the end\nthree\n');
    expect(await second).toEqual({ done: false, value: 'two, of which this is the end' });
    goesOn = false;
    expect(await lines.next()).toEqual({ done: false, value: 'three' });
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  });

  test('that never comes ends too, and so does one that nobody wants', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('run.ndjson');
    expect(await followLines(path, { goesOn: () => false, signal }).next()).toMatchObject({ done: true });
    const controller = new AbortController();
    const waiting = followLines(path, { goesOn: () => true, signal: controller.signal }).next();
    controller.abort();
    expect(await waiting).toMatchObject({ done: true });
  });

  test('tells each line once, in order, also while its oldest are dropped', async () => {
    const size = fc.integer({ min: 1, max: 120 });
    await fc.assert(
      fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 60 }), fc.nat(9), async (sizes, rest) => {
        await using directory = await temporaryDirectory();
        const path = directory.at('run.ndjson');
        const log = createRunLog(path, {
          maxBytes: 1000,
          onError(detail) {
            throw new Error(detail);
          },
        });
        let writing = true;
        const told: number[] = [];
        let dropped = 0;
        const following = (async () => {
          for await (const line of followLines(path, { goesOn: () => writing, signal })) {
            const { n, droppedBytes } = JSON.parse(line) as { n?: number; droppedBytes?: number };
            if (n !== undefined) told.push(n);
            dropped += droppedBytes ?? 0;
          }
        })();
        for (const [n, length] of sizes.entries()) {
          log.append({ n, text: 'x'.repeat(length) });
          if (n % 10 === rest) await new Promise((resolve) => setImmediate(resolve));
        }
        await log.close();
        writing = false;
        await following;
        expect(told).toEqual([...new Set(told)].sort((left, right) => left - right));
        expect(told.at(-1)).toBe(sizes.length - 1);
        // What is missing is told of.
        if (told.length < sizes.length) expect(dropped).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });
});
