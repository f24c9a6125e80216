import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQueue } from '../../src/run/queue.ts';

const never = new AbortController().signal;

describe('queue', () => {
  test('lets in up to the limit, and the others in the order in which they came', async () => {
    const queue = createQueue(1);
    const entered: string[] = [];
    const first = await queue.enter(never);
    const rest = ['b', 'c'].map(async (name) => {
      const leave = await queue.enter(never);
      entered.push(name);
      leave?.();
    });
    expect(queue.waiting).toBe(2);
    expect(entered).toEqual([]);
    first?.();
    await Promise.all(rest);
    expect(entered).toEqual(['b', 'c']);
    expect(queue.waiting).toBe(0);
  });

  test('a wait that is cancelled gets no place and takes none from others', async () => {
    const queue = createQueue(1);
    const leave = await queue.enter(never);
    const controller = new AbortController();
    const cancelled = queue.enter(controller.signal);
    const next = queue.enter(never);
    controller.abort();
    expect(await cancelled).toBeNull();
    leave?.();
    expect(await next).not.toBeNull();
  });

  test('who is cancelled before does not enter, even where there is room', async () => {
    const queue = createQueue(1);
    expect(await queue.enter(AbortSignal.abort())).toBeNull();
    expect(await queue.enter(never)).not.toBeNull();
  });

  test('a cancel after the wait is over changes nothing', async () => {
    const queue = createQueue(1);
    const first = await queue.enter(never);
    const controller = new AbortController();
    const second = queue.enter(controller.signal);
    const third = queue.enter(never);
    first?.();
    (await second)?.();
    controller.abort();
    expect(await third).not.toBeNull();
  });

  test('a place that is given back twice is one place', async () => {
    const queue = createQueue(1);
    const leave = await queue.enter(never);
    leave?.();
    leave?.();
    await queue.enter(never);
    void queue.enter(never);
    expect(queue.waiting).toBe(1);
  });

  test('never more than the limit at once, and everyone who is not cancelled gets in, in order', async () => {
    const steps = fc.array(fc.record({ pause: fc.nat(3), cancel: fc.option(fc.nat(4), { nil: null }) }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (limit, pieces) => {
        const queue = createQueue(limit);
        const order: number[] = [];
        let inside = 0;
        let most = 0;
        await Promise.all(
          pieces.map(async ({ pause, cancel }, index) => {
            const controller = new AbortController();
            const entering = queue.enter(controller.signal);
            if (cancel !== null) void turns(cancel).then(() => controller.abort());
            const leave = await entering;
            if (leave === null) return;
            order.push(index);
            inside += 1;
            most = Math.max(most, inside);
            await turns(pause);
            inside -= 1;
            leave();
          }),
        );
        expect(most).toBeLessThanOrEqual(limit);
        expect(order).toEqual([...order].sort((left, right) => left - right));
        for (const [index, { cancel }] of pieces.entries()) if (cancel === null) expect(order).toContain(index);
        expect(queue.waiting).toBe(0);
      }),
    );
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}
