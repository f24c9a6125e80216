import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collisionsAmong, createFolds, foldName } from '../../../src/run/move/collisions.ts';

const composed = 'caf\u00e9';
const decomposed = 'cafe\u0301';

test('each kind of collision', () => {
  const names = ['b', 'B', 'x', composed, decomposed, 'same', 'same', 'deep/A', 'Deep/a', 'Stra\u00dfe'];
  expect(collisionsAmong(names)).toEqual([
    { names: ['B', 'b'], kind: 'case' },
    { names: ['Deep/a', 'deep/A'], kind: 'case' },
    { names: [decomposed, composed], kind: 'unicode' },
    { names: ['same', 'same'], kind: 'duplicate' },
  ]);
});

test('folds are shared by exactly the names that collide', () => {
  const letters = fc.constantFrom('a', 'A', 'b', '\u00e9', 'e\u0301', 'E\u0301', '/');
  const name = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), (names) => {
      const folds = createFolds();
      for (const each of names) folds.add(each);
      const colliding = collisionsAmong(names).flatMap((collision) => collision.names);
      expect([...colliding].sort()).toEqual(names.filter((each) => folds.shared.has(foldName(each))).sort());
    }),
  );
});
