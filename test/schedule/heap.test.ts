import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeap } from '../../src/schedule/heap.ts';

test('gives live items in order, whatever was put in and taken out', () => {
  const action = fc.oneof(
    fc.nat(50).map((push) => ({ push })),
    fc.constant('pop' as const),
    fc.nat(50).map((kill) => ({ kill })),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400 }), (steps) => {
      const live = new Set<{ value: number }>();
      const heap = createHeap<{ value: number }>({
        before: (left, right) => left.value < right.value,
        isLive: (item) => live.has(item),
      });
      for (const step of steps) {
        if (step === 'pop') {
          const smallest = live.size === 0 ? undefined : Math.min(...[...live].map(({ value }) => value));
          expect(heap.peek()?.value).toBe(smallest);
          const item = heap.pop();
          expect(item?.value).toBe(smallest);
          if (item !== undefined) live.delete(item);
        } else if ('push' in step) {
          const item = { value: step.push };
          live.add(item);
          heap.push(item);
        } else {
          for (const item of live) if (item.value === step.kill) live.delete(item);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('does not keep what is dead: a thousand changes of one item ask about few items each', () => {
  let current = 0;
  let questions = 0;
  const heap = createHeap<number>({
    before: (left, right) => left < right,
    isLive(item) {
      questions += 1;
      return item === current;
    },
  });
  for (let index = 1; index <= 1000; index += 1) {
    current = index;
    heap.push(index);
  }
  questions = 0;
  expect(heap.peek()).toBe(1000);
  expect(questions).toBeLessThan(100);
});
