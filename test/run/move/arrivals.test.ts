import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createArrivals } from '../../../src/run/move/arrivals.ts';

const maps: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace(/[. ]+$/, ''),
  (name) => name.slice(0, 2),
  (name) => name.toUpperCase().toLowerCase(),
  (name) => name.replace(/[^a-z]/g, '_'),
];

describe('what the destination lists after a MOVE', () => {
  test('lets no file go whose content a server that changes names has not kept', () => {
    const name = fc.stringMatching(/^[ab._A]{1,4}$/);
    const files = fc.uniqueArray(fc.record({ name, content: fc.stringMatching(/^[xyz]{0,3}$/) }), {
      selector: (file) => file.name,
    });
    fc.assert(
      fc.property(files, fc.constantFrom(...maps), (sent, map) => {
        const kept = new Map(sent.map((file) => [map(file.name), file.content]));
        const arrivals = createArrivals((each) => each);
        for (const [path, content] of kept) arrivals.add(path, content.length);
        for (const file of sent) if (!arrivals.lists(file.name)) arrivals.miss(file.name, file.content.length);
        const gone = sent.filter((file) => arrivals.holds(file.name, file.content.length));
        expect(gone.filter((file) => kept.get(file.name) !== file.content)).toEqual([]);
        if (sent.every((file) => map(file.name) === file.name)) expect(gone).toEqual(sent);
      }),
    );
  });

  test.each([
    ['under its name, with its size', 'a', 3, true],
    ['in another form of Unicode', 'caf\u00e9', 4, true],
    ['with a size that is not known', 'unknown', 7, true],
    ['twice, once with its size', 'twice', 5, true],
    ['with another size', 'a', 4, false],
    ['under another name', 'b', 3, false],
  ])('holds a file that is listed %s: %#', (_, path, size, held) => {
    const arrivals = createArrivals((each) => each.normalize('NFC'));
    arrivals.add('a', 3);
    arrivals.add('cafe\u0301', 4);
    arrivals.add('unknown', -1);
    arrivals.add('twice', 6);
    arrivals.add('twice', 5);
    expect(arrivals.holds(path, size)).toBe(held);
  });
});
