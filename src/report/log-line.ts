import type { Event } from '../model/event.ts';
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
  try {
    const value: unknown = JSON.parse(line);
    return isNoted(value) ? value : null;
  } catch {
    return null;
  }
}

/** We wrote the log ourselves, so its kind of event vouches for the rest. */
function isNoted(value: unknown): value is Noted {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('time' in value)) return false;
  return known.includes(String(value.type)) && !Number.isNaN(Date.parse(String(value.time)));
}
