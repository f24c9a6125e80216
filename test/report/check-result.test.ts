import { describe, expect, test } from 'vitest';
import { noCounts } from '../../src/model/check.ts';
import { checkDocument, renderCheck } from '../../src/report/check-result.ts';
import { renderEvent } from '../../src/report/event-text.ts';
import { checkRecord } from '../helper/check.ts';

const check = checkRecord({
  ...{ verdict: 'Different', counts: { ...noCounts, differing: 1, missing: 1, extra: 30, errors: 1 } },
  message: 'what it came to',
  files: [
    { found: 'differing', path: 'a\u001b[31m.txt' },
    { found: 'missing', path: 'b' },
    { found: 'extra', path: 'c' },
    { found: 'error', path: 'd' },
  ],
});

describe('what a check found', () => {
  test('names the files first, safely, and then the sum', () => {
    expect(renderCheck(check, { color: false })).toBe(
      [
        '* a\\x1b[31m.txt: differs',
        '+ b: missing at the destination',
        '- c: extra at the destination',
        '! d: cannot be read',
        '… and 29 more',
        'photos: Different in 12m: what it came to',
      ].join('\n'),
    );
  });

  test('is one line in the log, and has times for programs', () => {
    const line = renderEvent({ type: 'CheckFinished', task: 'photos', check }, { color: false });
    expect(line).toBe('photos: check: Different in 12m: what it came to');
    expect(checkDocument(check)).toMatchObject({ finishedAt: '2026-01-04T03:12:00.000Z', verdict: 'Different' });
  });
});
