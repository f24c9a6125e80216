import type { Emit, Event } from '../model/event.ts';
import { renderEvent } from '../report/event-text.ts';
import type { Shell } from './shell.ts';

const troubles: readonly Event['type'][] = ['StateCorrupt', 'WriteFailed', 'RcloneUnusable', 'WatchDegraded'];

/** For commands that come and go: only what is wrong with the state is worth a word. */
export function warningPrinter({ terminal }: Shell): Emit {
  return (event) => {
    const text = troubles.includes(event.type) ? renderEvent(event, { color: terminal.color.stderr }) : null;
    if (text !== null) terminal.note(`cloudsync: ${text}`);
  };
}
