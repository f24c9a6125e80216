import { expect, test } from 'vitest';
import { fuzzManifests } from './fuzz.ts';

test('whatever a manifest has become, it is parsed or told what is wrong, where, and without its secrets', () => {
  const { tried, valid, problems, details } = fuzzManifests({ count: 3000, seed: 1 });

  // That it took long says something of the machine; `npm run torture -- fuzz` tells it.
  expect(details.filter((detail) => !detail.startsWith('slow'))).toEqual([]);
  expect(valid).toBeGreaterThan(tried / 50);
  expect(valid).toBeLessThan(tried / 2);
  expect(problems).toBeGreaterThan(tried / 2);
}, 120_000);
