import type { Event } from '../model/event.ts';
import { jsonIn, recordOf } from '../model/json-text.ts';
import { renderChange } from './changes.ts';
import { renderEvent } from './event-text.ts';
import { formatTime } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { paint } from './style.ts';

type Noted = Event & { readonly time: string };

/** One line of a run's log for a person. What a newer version wrote and this one does not know is shown as it is. */
export function renderLogLine(line: string, { color }: { readonly color: boolean }): string {
  const noted = parseNoted(line);
  if (noted === null) return sanitizeLine(line);
  return `${paint(formatTime(Date.parse(noted.time), null), 'dim', color)} ${textOf(noted, color) ?? sanitizeLine(line)}`;
}

/** The log is read by somebody who looks for something, so it hides nothing of what it holds. */
function textOf(noted: Noted, color: boolean): string | null {
  if (noted.type === 'RunChange') return renderChange(noted.change, color);
  return noted.type === 'RunLog' ? sanitizeLine(noted.message) : renderEvent(noted, { color });
}

const known: readonly string[] = [
  'RunStarted',
  'RunChange',
  'RunLog',
  'RunFinished',
] satisfies readonly Event['type'][];

function parseNoted(line: string): Noted | null {
  const value = jsonIn(line);
  return isNoted(value) ? value : null;
}

/** We wrote the log ourselves, so its kind of event vouches for the rest. */
function isNoted(value: unknown): value is Noted {
  const { type, time } = recordOf(value);
  return known.includes(String(type)) && !Number.isNaN(Date.parse(String(time)));
}
