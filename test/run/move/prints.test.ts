import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrints } from '../../../src/run/move/prints.ts';

describe('prints', () => {
  test('remember any number of paths, each with its print and its mark', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3000, size: 'max' }), (entries) => {
        const prints = createPrints();
        const paths = Object.keys(entries);
        for (const path of paths) prints.add(path, entries[path] ?? '');
        expect(prints.size).toBe(paths.length);
        paths.forEach((path, index) => {
          expect(prints.matches(path, entries[path] ?? '')).toBe(true);
          expect(prints.matches(path, `${entries[path]} and more`)).toBe(false);
          if (index % 2 === 0) expect(prints.mark(path)).toBe(true);
        });
        expect(paths.map((path) => prints.isMarked(path))).toEqual(paths.map((_, index) => index % 2 === 0));
      }),
      { numRuns: 20 },
    );
  });

  test('keep marks while they grow', () => {
    const prints = createPrints();
    for (let index = 0; index < 10_000; index += 1) {
      prints.add(`file ${index}`, `${index}`);
      if (index % 7 === 0) prints.mark(`file ${index}`);
    }
    for (let index = 0; index < 10_000; index += 1) {
      expect(prints.matches(`file ${index}`, `${index}`)).toBe(true);
      expect(prints.isMarked(`file ${index}`)).toBe(index % 7 === 0);
    }
  });

  test('know nothing of what was never added', () => {
    const prints = createPrints();
    prints.add('a', '1');
    expect([prints.has('b'), prints.mark('b'), prints.isMarked('b'), prints.matches('b', '1')]).toEqual([
      ...[false, false, false, false],
    ]);
  });

  test('two prints for one path match nothing', () => {
    const prints = createPrints();
    prints.add('a', '1');
    prints.add('a', '2');
    expect([prints.matches('a', '1'), prints.matches('a', '2'), prints.has('a')]).toEqual([false, false, true]);
  });
});
