import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/model/clock.ts';

const dayMs = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock', () => {
  test('tells the time', () => {
    expect(systemClock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  test.each([1000, 30 * dayMs, 90 * dayMs])('calls back once, after %d ms', (delayMs) => {
    const callback = vi.fn();
    systemClock.setTimer(callback, delayMs);
    vi.advanceTimersByTime(delayMs - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([0, 40])('a timer that is cancelled after %d days calls nobody', (days) => {
    const callback = vi.fn();
    const cancel = systemClock.setTimer(callback, 90 * dayMs);
    vi.advanceTimersByTime(days * dayMs);
    cancel();
    vi.advanceTimersByTime(90 * dayMs);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
