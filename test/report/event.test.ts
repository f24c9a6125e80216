import { describe, expect, test } from 'vitest';
import type { LogLevel } from '../../src/model/event.ts';
import { eventFields } from '../../src/report/event-json.ts';
import { eventLevel } from '../../src/report/event-level.ts';
import { renderEvent } from '../../src/report/event-text.ts';
import { createLogger } from '../../src/report/logger.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { events, now } from './samples.ts';

const escapeCharacter = '\u001b';

async function logged(format: 'text' | 'json', level: LogLevel, color = false): Promise<string> {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const log = await createLogger({ format, color, level, stream, clock: fakeClock(now) });
  for (const event of events) log(event);
  return lines.join('');
}

test('each event is told to a person in one line', async () => {
  const lines = events.map((event) => `${event.type}: ${renderEvent(event, { color: false })}`);
  for (const line of lines) expect(line).not.toMatch(/\n/);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/report-events.txt');
});

test('each event has flat fields for a machine', async () => {
  const lines = events.map((event) => JSON.stringify({ level: eventLevel(event), ...eventFields(event) }));
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/report-events.ndjson');
});

describe('the text log', () => {
  test('leaves out what is below its level', async () => {
    expect(await logged('text', 'info')).toContain('photos: run started');
    expect(await logged('text', 'info')).not.toContain('waiting');
    expect(await logged('text', 'debug')).toContain('waiting');
    expect((await logged('text', 'error')).split('\n')).toHaveLength(5);
  });

  test('has colour only where asked', async () => {
    expect(await logged('text', 'debug')).not.toContain(escapeCharacter);
    expect(await logged('text', 'debug', true)).toContain(`${escapeCharacter}[31merror  ${escapeCharacter}[39m`);
  });
});

describe('the JSON log', () => {
  test('is one object a line, with a time, a level, a message and the fields', async () => {
    const lines: unknown[] = (await logged('json', 'notice'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const levels = events.map(eventLevel);
    expect(lines).toHaveLength(levels.filter((level) => ['notice', 'warning', 'error'].includes(level)).length);
    expect(lines).toContainEqual({
      level: 'notice',
      time: '2026-01-02T12:00:00.000Z',
      event: 'RunSkipped',
      task: 'photos',
      scheduledFor: '2026-01-02T12:00:00.000Z',
      reason: 'the previous run is still going',
      message: 'photos: run skipped, the previous run is still going',
    });
  });

  test('names an event that has no words for people', async () => {
    expect(await logged('json', 'debug')).toContain('"message":"RunProgress"');
  });
});
