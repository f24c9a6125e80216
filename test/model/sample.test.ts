import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampler } from '../../src/model/sample.ts';

function drawn(size: number, seed: string, names: readonly string[]): readonly string[] {
  const sampler = createSampler(size, seed);
  for (const name of names) sampler.offer(name);
  return sampler.chosen();
}

const names = fc.uniqueArray(fc.string(), { maxLength: 40 });

test('a sample holds as many names as asked for, each of those offered, each once', () => {
  fc.assert(
    fc.property(names, fc.nat(50), fc.string(), (offered, size, seed) => {
      const chosen = drawn(size, seed, offered);
      expect(chosen).toHaveLength(Math.min(size, offered.length));
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(offered).toEqual(expect.arrayContaining([...chosen]));
    }),
  );
});

test('the order in which names are offered does not matter', () => {
  const shuffled = names.chain((offered) =>
    fc.tuple(fc.constant(offered), fc.shuffledSubarray(offered, { minLength: offered.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.nat(10), fc.string(), ([offered, mixed], size, seed) => {
      expect(drawn(size, seed, mixed)).toEqual(drawn(size, seed, offered));
    }),
  );
});

test('another seed chooses others', () => {
  const offered = Array.from({ length: 100 }, (_, index) => `file ${index}`);
  expect(drawn(10, 'one', offered)).not.toEqual(drawn(10, 'two', offered));
});
