import { describe, expect, test } from 'vitest';
import { printable, problemFrame } from '../../src/manifest/problem-frame.ts';

describe('the frame of a problem', () => {
  test('shows the neighbours and a marker', () => {
    expect(problemFrame(['a: 1', 'b: 2', 'c: 3', 'd: 4'], 3, 4)).toBe(
      ['  2 | b: 2', '> 3 | c: 3', '    |    ^', '  4 | d: 4'].join('\n'),
    );
  });

  test('aligns numbers of different width, and stops at the ends', () => {
    const lines = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`);
    expect(problemFrame(lines, 10, 1)).toBe(['   9 | line 9', '> 10 | line 10', '     | ^'].join('\n'));
    expect(problemFrame(lines, 1, 1)).toBe(['> 1 | line 1', '    | ^', '  2 | line 2'].join('\n'));
    expect(problemFrame([], 1, 1)).toBe(['> 1 |', '    | ^'].join('\n'));
  });

  test('keeps tabs before the marker, so that it stays below its column', () => {
    expect(problemFrame(['\ta: b'], 1, 5)).toBe('> 1 | \ta: b\n    | \t   ^');
  });

  test('shows the part of a long line that matters', () => {
    const frame = problemFrame([`${'x'.repeat(500)}HERE${'y'.repeat(500)}`], 1, 501);
    expect(frame).toContain('HERE');
    const [shown = '', marker = ''] = frame.split('\n');
    expect(shown.length).toBeLessThan(130);
    expect(shown.slice(marker.indexOf('^'))).toMatch(/^HERE/);
  });
});

test('control characters do not reach the terminal', () => {
  expect(printable('a\u001b[31mb\u202ec\td')).toBe('a\ufffd[31mb\ufffdc\td');
});
