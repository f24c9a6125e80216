import { describe, expect, test } from 'vitest';
import { type Evidence, judge } from './judge.ts';

const files = (content: Readonly<Record<string, string>>) => new Map(Object.entries(content));
const nothing = { lost: [], falseSuccess: [], unlisted: [] };

/** A run that changes nothing of one file that is at both sides. */
function evidence(part: Partial<Evidence>): Evidence {
  const both = { source: files({ a: '1' }), destination: files({ a: '1' }) };
  return {
    before: both,
    after: both,
    outcome: 'Succeeded',
    listed: new Set(),
    touched: new Set(),
    written: new Map(),
    rehearsedDeletes: 0,
    isWithin: () => true,
    backupFolder: null,
    ...part,
  };
}

const observed = (source: Readonly<Record<string, string>>, destination: Readonly<Record<string, string>>) => ({
  source: files(source),
  destination: files(destination),
});

describe('a run is judged', () => {
  test('as sound where nothing is gone', () => {
    expect(judge(evidence({}))).toEqual(nothing);
    expect(judge(evidence({ after: observed({}, { a: '1' }) }))).toEqual(nothing);
  });

  test('by content that is nowhere any more', () => {
    const gone = {
      before: observed({ a: '1' }, { b: '2' }),
      after: observed({}, { b: '2' }),
      outcome: 'Failed',
    } as const;
    expect(judge(evidence(gone)).lost).toEqual(['a of the source']);
    expect(judge(evidence({ ...gone, touched: new Set(['a']) }))).toEqual(nothing);
    const replaced = { before: observed({ a: '1' }, { a: '2' }), after: observed({ a: '1' }, { a: '1' }) };
    expect(judge(evidence(replaced)).lost).toEqual(['a of the destination']);
    expect(judge(evidence({ ...replaced, listed: new Set(['a']) }))).toEqual(nothing);
  });

  test('by what somebody changed meanwhile only where it is still there', () => {
    const before = observed({ a: '1' }, { a: '1' });
    const touched = new Set(['a']);
    expect(judge(evidence({ before, after: observed({ a: '2' }, { a: '2' }), touched }))).toEqual(nothing);
    expect(judge(evidence({ before, after: observed({}, {}), touched }))).toMatchObject({
      lost: ['a of the destination'],
      unlisted: ['a'],
    });
  });

  test('by what vanished at the source meanwhile only where the run did not count it', () => {
    const gone = { before: observed({ a: '1', b: '2' }, { a: '1', b: '2' }), after: observed({ b: '2' }, { b: '2' }) };
    const touched = new Set(['a']);
    expect(judge(evidence({ ...gone, touched, rehearsedDeletes: 1 }))).toEqual(nothing);
    expect(judge(evidence({ ...gone, touched }))).toMatchObject({ lost: ['a of the destination'], unlisted: ['a'] });
    expect(judge(evidence({ ...gone, rehearsedDeletes: 1 }))).toMatchObject({ unlisted: ['a'] });
  });

  test('by what somebody wrote meanwhile and that is nowhere', () => {
    expect(judge(evidence({ written: new Map([['new', '9']]) })).lost).toEqual(['new of the source']);
    expect(judge(evidence({ written: new Map([['new', '1']]) })).lost).toEqual([]);
  });

  test('by a success whose destination does not hold the source', () => {
    const missing = { before: observed({ a: '1' }, {}), after: observed({ a: '1' }, {}) };
    expect(judge(evidence(missing)).falseSuccess).toEqual(['a is missing at the destination']);
    expect(judge(evidence({ ...missing, outcome: 'Failed' }))).toEqual(nothing);
    expect(judge(evidence({ ...missing, isWithin: () => false }))).toEqual(nothing);
  });

  test('by paths that are gone from the destination, but for backups', () => {
    const pruned = {
      before: observed({ a: '1' }, { a: '1', '.trash/1/a': '1', b: '1' }),
      after: observed({ a: '1' }, { a: '1' }),
      backupFolder: '.trash',
    };
    expect(judge(evidence(pruned)).unlisted).toEqual(['b']);
    expect(judge(evidence({ ...pruned, listed: new Set(['b']) }))).toEqual(nothing);
  });
});
