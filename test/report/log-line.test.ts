import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/model/event.ts';
import { formatTime } from '../../src/report/format.ts';
import { renderLogLine } from '../../src/report/log-line.ts';
import { runRecord } from '../helper/build.ts';

const time = '2026-01-02T03:04:05.678Z';
const shownTime = formatTime(Date.parse(time), null);
const run = { task: 'photos', runId: 'r1' } as const;

function logged(event: Event): string {
  return renderLogLine(JSON.stringify({ time, ...event }), { color: false });
}

describe('renderLogLine', () => {
  test.each<[Event, string]>([
    [
      { type: 'RunStarted', ...run, trigger: 'schedule', dryRun: false, at: 0, specHash: 'sha256:0' },
      'photos: run started (schedule), r1',
    ],
    [{ type: 'RunChange', ...run, change: { action: 'copy', path: 'a.jpg', size: 3 } }, '+ a.jpg 3 B'],
    [
      { type: 'RunLog', ...run, level: 'info', message: 'what the terminal leaves out' },
      'what the terminal leaves out',
    ],
    [
      { type: 'RunFinished', ...run, record: runRecord({ outcome: 'Failed', lastError: 'the disk is full' }) },
      'photos: Failed in 1m, 0 files, 0 B, 0 deleted: the disk is full',
    ],
  ])('%j', (event, text) => {
    expect(logged(event)).toBe(`${shownTime} ${text}`);
  });

  test.each([
    '{"type":"Truncated","droppedBytes":12}',
    `{"type":"RunDreamt","time":"${time}"}`,
    '{"type":"RunLog","time":"yesterday","message":"x"}',
    '{"type":"RunLog","time":',
    '"RunLog"',
    'null',
    'not JSON',
  ])('what it does not know is shown as it is: %s', (line) => {
    expect(renderLogLine(line, { color: false })).toBe(line);
  });

  test('a file that is named like a command to the terminal does nothing', () => {
    const nasty = '\u001b[2Ja\u0007.txt';
    const texts = [
      logged({ type: 'RunChange', ...run, change: { action: 'copy', path: nasty } }),
      logged({ type: 'RunLog', ...run, level: 'error', message: nasty }),
      renderLogLine(nasty, { color: false }),
    ];
    for (const text of texts) for (const control of ['\u001b', '\u0007']) expect(text).not.toContain(control);
  });

  test('colour marks the time and what was done', () => {
    const line = JSON.stringify({ time, type: 'RunChange', ...run, change: { action: 'delete', path: 'a' } });
    expect(renderLogLine(line, { color: true })).toContain('\u001b[31m- a');
  });
});
