import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyHistory, type TaskHistory } from '../../src/model/history.ts';
import { isSuccess, type Outcome, outcomes, type RunRecord } from '../../src/model/run.ts';
import { recordRun } from '../../src/state/record-run.ts';
import { runRecord } from '../helper/build.ts';

const limits = { successful: 2, failed: 1 };

function recordAll(records: readonly RunRecord[]): { history: TaskHistory; dropped: readonly RunRecord[] } {
  return records.reduce(
    (sofar, record) => {
      const { history, dropped } = recordRun(sofar.history, record, limits);
      return { history, dropped: [...sofar.dropped, ...dropped] };
    },
    { history: emptyHistory, dropped: [] as readonly RunRecord[] },
  );
}

function runsOf(...list: readonly Outcome[]): readonly RunRecord[] {
  return list.map((outcome, index) => runRecord({ id: `${index}`, outcome, scheduledFor: index }));
}

describe('recordRun', () => {
  test('bounds successes and failures apart, newest first', () => {
    const { history, dropped } = recordAll(
      runsOf('Succeeded', 'Failed', 'Succeeded', 'TimedOut', 'Succeeded', 'Failed'),
    );
    expect(history.runs.map((run) => run.id)).toEqual(['5', '4', '2']);
    expect(dropped.map((run) => run.id)).toEqual(['1', '0', '3']);
  });

  test('the last success stays, with its log, after it has left the list', () => {
    const none = { successful: 0, failed: 1 };
    const [good, bad, better] = runsOf('Succeeded', 'Failed', 'Succeeded');
    if (good === undefined || bad === undefined || better === undefined) throw new Error('three runs were made');
    const first = recordRun(emptyHistory, good, none);
    expect(first).toMatchObject({ history: { runs: [], lastSuccess: { id: '0' } }, dropped: [] });
    const second = recordRun(first.history, bad, none);
    expect(second).toMatchObject({ history: { lastSuccess: { id: '0' } }, dropped: [] });
    const third = recordRun(second.history, better, none);
    expect(third).toMatchObject({ history: { lastSuccess: { id: '2' } }, dropped: [{ id: '0' }] });
  });

  test('a history that was read from the disk drops nothing that is still referred to', () => {
    const { history } = recordAll(runsOf('Succeeded'));
    const read: TaskHistory = JSON.parse(JSON.stringify(history));
    expect(recordRun(read, runRecord({ id: 'next', outcome: 'Failed' }), limits).dropped).toEqual([]);
  });

  test('counts failures in a row; a skipped run neither counts nor ends the row', () => {
    expect(recordAll(runsOf('Failed', 'Skipped', 'Blocked')).history.consecutiveFailures).toBe(2);
    expect(recordAll(runsOf('Failed', 'SucceededWithWarnings')).history.consecutiveFailures).toBe(0);
    expect(recordAll(runsOf('Skipped')).history).toMatchObject({ lastRun: { id: '0' }, lastSuccess: null });
  });

  test('one that came to its limit neither counts nor ends the row, and is no success', () => {
    expect(recordAll(runsOf('Failed', 'LimitReached', 'Failed')).history.consecutiveFailures).toBe(2);
    const after = recordAll(runsOf('Succeeded', 'LimitReached')).history;
    expect(after).toMatchObject({ consecutiveFailures: 0, lastRun: { id: '1' }, lastSuccess: { id: '0' } });
    expect(after.runs.map(({ id }) => id)).toEqual(['1', '0']);
  });

  test('a dry run proves nothing', () => {
    const before = { ...recordAll(runsOf('Failed')).history, missed: 3 };
    const { history } = recordRun(before, runRecord({ id: 'dry', dryRun: true, scheduledFor: null }), limits);
    expect(history).toEqual({
      ...before,
      runs: [runRecord({ id: 'dry', dryRun: true, scheduledFor: null }), ...before.runs],
    });
  });

  test('missed runs are forgiven by a success, and the latest schedule is remembered', () => {
    const before = { ...emptyHistory, missed: 3, lastScheduled: 5 };
    expect(recordRun(before, runRecord({ outcome: 'Failed', scheduledFor: 4 }), limits).history).toMatchObject({
      missed: 3,
      lastScheduled: 5,
    });
    expect(recordRun(before, runRecord({ scheduledFor: null }), limits).history).toMatchObject({
      missed: 0,
      lastScheduled: 5,
    });
    expect(recordRun(emptyHistory, runRecord({ scheduledFor: 9 }), limits).history.lastScheduled).toBe(9);
  });

  test.each([
    [4, 5],
    [null, 5],
    [5, null],
    [6, null],
  ])('a run for %j makes up for what is owed since 5: %j', (scheduledFor, owedSince) => {
    const { history } = recordRun({ ...emptyHistory, owedSince: 5 }, runRecord({ scheduledFor }), limits);
    expect(history.owedSince).toBe(owedSince);
  });

  test('what lies ahead is owed still, as after the clock was set back', () => {
    const before = { ...emptyHistory, owedSince: 5, lastScheduled: 9 };
    expect(recordRun(before, runRecord({ scheduledFor: 7 }), limits).history.owedSince).toBe(8);
  });

  test('every run is either kept or dropped once, and the bounds hold', () => {
    const record = fc.record({ outcome: fc.constantFrom(...outcomes), dryRun: fc.boolean() });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (parts) => {
        const records = parts.map((part, index) => runRecord({ ...part, id: `${index}` }));
        const { history, dropped } = recordAll(records);
        const kept = new Set([...history.runs, history.lastRun, history.lastSuccess].filter((run) => run !== null));
        expect([...kept, ...dropped].map((run) => Number(run.id)).sort((a, b) => a - b)).toEqual(
          records.map((_, index) => index),
        );
        const real = history.runs.filter((run) => !run.dryRun && !['Skipped', 'LimitReached'].includes(run.outcome));
        expect(real.filter((run) => isSuccess(run.outcome)).length).toBeLessThanOrEqual(limits.successful);
        expect(real.filter((run) => !isSuccess(run.outcome)).length).toBeLessThanOrEqual(limits.failed);
      }),
    );
  });
});
