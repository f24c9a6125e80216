import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookIn } from '../run/book.ts';
import { temporaryState } from '../state/open-state.ts';
import { clockStory, deadline, hour, minute } from './clock-story.ts';

type Story = ReturnType<typeof clockStory>;

/** One thing that happens, with its name for the report of a failure. */
interface Step {
  readonly act: (story: Story) => void | Promise<void>;
  readonly [fc.toStringMethod]: () => string;
}

const day = 24 * hour;

function step(what: string, longest: number, act: (story: Story, amount: number) => void | Promise<void>) {
  return fc.integer({ min: 1, max: longest }).map((amount): Step => {
    return { act: (story) => act(story, amount), [fc.toStringMethod]: () => `${what} ${amount}` };
  });
}

const advance = step('advance minutes', 180, (story, amount) => story.advance(amount * minute));
const end = step('end run', 1, (story) => story.endRun());
const editFolder = step('edit folder', 1, (story) => story.editFolder());
const sleep = step('sleep minutes', (3 * day) / minute, (story, amount) => story.jump(amount * minute));
const nap = step('nap minutes', 90, (story, amount) => story.jump(amount * minute));
const setBack = step('set back minutes', (3 * day) / minute, (story, amount) => story.jump(-amount * minute));
const setBackALittle = step('set back a few minutes', 170, (story, amount) => story.jump(-amount * minute));
const restart = step('restart after minutes', 300, (story, amount) => story.restart(amount * minute));
const restartSoon = step('restart within minutes', 5, (story, amount) => story.restart(amount * minute));
const editTimes = step('edit times', 59, (story, amount) => story.editTimes(amount));
const suspend = step('suspend', 1, (story) => story.enable(false));
const resume = step('resume', 1, (story) => story.enable(true));

async function withStories(check: (open: () => Story) => Promise<void>): Promise<void> {
  await using state = await temporaryState();
  await using onDisk = await bookIn(state.state);
  let stories = 0;
  await check(() => {
    stories += 1;
    return clockStory(`task-${stories}`, onDisk.book);
  });
  await onDisk.book.flush();
}

test('while the machine is awake each time has its run, or a record that it had none', async () => {
  await withStories(async (open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(advance, end, editFolder), { maxLength: 20 }), async (steps) => {
        const story = open();
        for (const { act } of steps) await act(story);
        const begun = story.accounts.flat();
        const onTime = begun.filter(({ scheduledFor, at }) => at - scheduledFor < minute);
        const answered = new Set([...onTime.map(({ scheduledFor }) => scheduledFor), ...story.skipped]);
        story.close();
        expect([...answered].sort((left, right) => left - right)).toEqual(
          story.timesBetween(story.scheduledSince, story.now),
        );
      }),
      { numRuns: 60 },
    );
  });
});

test('whatever happens to clock and daemon: no time has two runs, none starts too late, and none is lost', async () => {
  const anything = fc.oneof(
    ...[advance, advance, end, editFolder, sleep, nap, setBack, setBackALittle],
    ...[restart, restartSoon, editTimes, suspend, resume],
  );
  await withStories(async (open) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 15 }), async (steps) => {
        const story = open();
        for (const { act } of steps) await act(story);
        // Time for the longest that a catch-up may wait, and for the run that it may have to wait for.
        story.enable(true);
        await story.endRun();
        story.advance(6 * minute);
        await story.endRun();
        await story.endRun();
        story.close();

        for (const account of story.accounts) {
          const times = account.map(({ scheduledFor }) => scheduledFor);
          expect(new Set(times).size).toBe(times.length);
          for (const { scheduledFor, at } of account) expect(at - scheduledFor).toBeLessThanOrEqual(deadline + minute);
          // What waited for its turn when the clock was set back a little keeps its turn.
          for (const { scheduledFor, at } of account) expect(scheduledFor - at).toBeLessThanOrEqual(3 * hour);
        }
        const last = story.timesBetween(Math.max(story.scheduledSince, story.now - deadline), story.now - 6 * minute);
        const [latest] = last.slice(-1);
        const begun = story.accounts.flat().map(({ scheduledFor }) => scheduledFor);
        if (latest !== undefined && !story.wasWrong) expect(Math.max(...begun)).toBeGreaterThanOrEqual(latest);
      }),
      { numRuns: 300 },
    );
  });
});
