import type { Clock } from '../model/clock.ts';
import type { Emit, Event, LogLevel } from '../model/event.ts';
import { eventFields } from './event-json.ts';
import { eventLevel, isAtLeast } from './event-level.ts';
import { renderEvent } from './event-text.ts';
import { formatTime } from './format.ts';
import { paint, type Style } from './style.ts';

export interface LoggerOptions {
  readonly format: 'text' | 'json';
  readonly color: boolean;
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Takes whole lines, each with its end. */
  readonly stream: { write(text: string): unknown };
  readonly clock: Clock;
}

/** Writes each event as one line. */
export async function createLogger(options: LoggerOptions): Promise<Emit> {
  return options.format === 'json' ? jsonLogger(options) : textLogger(options);
}

const levelStyles: Readonly<Record<LogLevel, Style | null>> = {
  debug: 'dim',
  info: null,
  notice: 'cyan',
  warning: 'yellow',
  error: 'red',
};

function textLogger({ color, level: least, stream, clock }: LoggerOptions): Emit {
  return (event) => {
    const level = eventLevel(event);
    const text = isAtLeast(level, least) ? renderEvent(event, { color }) : null;
    if (text === null) return;
    const time = paint(formatTime(clock.now(), null), 'dim', color);
    const label = paint(level.padEnd('warning'.length), levelStyles[level], color);
    stream.write(`${time} ${label} ${text}\n`);
  };
}

/** Our five levels, spaced like pino's own so that tools which read its numbers keep working. */
const levelNumbers: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, notice: 35, warning: 40, error: 50 };

/** pino is loaded only here: a person at a terminal need not wait for it. */
async function jsonLogger({ level: least, stream, clock }: LoggerOptions): Promise<Emit> {
  const { pino } = await import('pino');
  const log = pino<LogLevel, true>(
    {
      level: least,
      customLevels: levelNumbers,
      useOnlyCustomLevels: true,
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return (event) => {
    const level = eventLevel(event);
    // A start over ten thousand tasks tells as many events that few want to read.
    if (isAtLeast(level, least)) log[level](eventFields(event), messageOf(event));
  };
}

/** Events that are not worth a line to a person still have their name. */
function messageOf(event: Event): string {
  return renderEvent(event, { color: false }) ?? event.type;
}
