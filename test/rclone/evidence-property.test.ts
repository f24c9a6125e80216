import fastCheck from 'fast-check';
import { expect, test } from 'vitest';
import { maxWarningNames } from '../../src/model/warning.ts';
import { addEvidence, emptyEvidence } from '../../src/rclone/evidence.ts';
import { parseLogLine } from '../../src/rclone/log-line.ts';
import { classify } from '../../src/rclone/outcome.ts';

const ended = { exitCode: 0, signal: null, spawnError: null, stdout: '' };

/** What rclone says, what it may say one day, and what a file name can look like. */
const words = fastCheck.oneof(
  fastCheck.constantFrom(
    "Can't follow symlink without -L/--copy-links",
    'Duplicate object found in source - ignoring',
    `Entry doesn't belong in directory "in" (contains subdir) - ignoring`,
    'Attempt 2/2 succeeded',
    'Attempt 1/3 failed with 1 errors and: no',
    'not deleting files as there were IO errors',
    "Can't retry any of the errors - not attempting retries",
    'Cancelling sync due to fatal error: no',
    'There was nothing to transfer',
    'Using --filter is recommended instead of both --include and --exclude',
    'Failed to sync with 2 errors: last error was: no',
    'Failed to save config after 10 tries: no',
    'Copied (new)',
    'Removing failed copy',
  ),
  fastCheck.string({ unit: 'binary', maxLength: 300 }),
);
const names = fastCheck.oneof(
  words,
  fastCheck.constantFrom('a', 'b/c', '', '2026/11/22 13:01:17 ERROR : a', '{"level":"info"}', 'x.1a2b3c4d.partial'),
);
const records = fastCheck.record(
  {
    level: fastCheck.constantFrom('debug', 'info', 'notice', 'warning', 'error', 'critical', 'nonsense', 7),
    msg: words,
    object: names,
    objectType: fastCheck.constantFrom('*local.Object', 'string', '*s3.Fs'),
    stats: fastCheck.constant({ errors: 0 }),
  },
  { requiredKeys: ['level', 'msg'] },
);
const lines = fastCheck.array(fastCheck.oneof({ weight: 5, arbitrary: records.map(toLine) }, words), { maxLength: 60 });

test('no error about a file is ever lost behind a success', () => {
  fastCheck.assert(
    fastCheck.property(lines, (given) => {
      const parsed = given.map(parseLogLine);
      const evidence = parsed.reduce(addEvidence, emptyEvidence);
      const { outcome, warnings, warningDetails } = classify(ended, evidence);
      // Only the last attempt counts.
      const last = parsed.findLastIndex(
        (line) => line.kind === 'message' && line.object === null && /^Attempt (\d+)\/(?!\1)\d+ failed/.test(line.text),
      );
      const failed = parsed
        .slice(last + 1)
        .filter((line) => line.kind === 'message' && line.level === 'error' && line.object && !line.wholeRemote);
      if (failed.length > 0) expect([outcome, warnings.length > 0]).toEqual(['SucceededWithWarnings', true]);
      const counted = warningDetails.reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBeGreaterThanOrEqual(failed.length);
      expect(counted).toBeLessThanOrEqual(given.length);
    }),
  );
});

test('each line about a file is counted once', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.array(fastCheck.tuple(words, fastCheck.constantFrom('a', 'b', 'c'))), (given) => {
      const evidence = given
        .map(([msg, object]) => parseLogLine(toLine({ level: 'error', msg, object })))
        .reduce(addEvidence, emptyEvidence);
      const { warningDetails } = classify(ended, evidence);
      expect(warningDetails.reduce((sum, { count }) => sum + count, 0)).toBe(given.length);
    }),
  );
});

test('what is kept stays small, whatever the log holds', () => {
  fastCheck.assert(
    fastCheck.property(
      fastCheck.array(fastCheck.tuple(words, fastCheck.string({ maxLength: 40 })), { maxLength: 20 }),
      (some) => {
        const long = 'x'.repeat(5000);
        const many = Array.from({ length: 50 }, (_, index) => [`${long}${index}`, `${long}${index}`] as const);
        const evidence = [...some, ...many]
          .map(([msg, object]) => parseLogLine(toLine({ level: 'error', msg, object })))
          .reduce(addEvidence, emptyEvidence);
        expect(JSON.stringify(evidence).length).toBeLessThan(200_000);
        for (const { names: kept } of classify(ended, evidence).warningDetails) {
          expect(kept.length).toBeLessThanOrEqual(maxWarningNames);
          for (const name of kept) expect(name.length).toBeLessThanOrEqual(201);
        }
      },
    ),
  );
});

function toLine(record: unknown): string {
  return JSON.stringify(record);
}
