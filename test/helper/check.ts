import { type CheckRecord, noCounts } from '../../src/model/check.ts';

/** A check that found everything equal; takes the parts that a test is about. */
export function checkRecord(part: Partial<CheckRecord> = {}): CheckRecord {
  return {
    ...{ task: 'photos', trigger: 'schedule', verdict: 'Equal', method: 'hash' },
    ...{ startedAt: Date.UTC(2026, 0, 4, 3), finishedAt: Date.UTC(2026, 0, 4, 3, 12) },
    specHash: 'sha256:0',
    run: null,
    counts: { ...noCounts, equal: 12 },
    equalBy: { content: 0, hash: 12, size: 0 },
    warnings: [],
    sample: null,
    ...{ message: '12 equal, 0 differing, 0 missing and 0 extra at the destination', files: [] },
    ...part,
  };
}
