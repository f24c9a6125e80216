import { formatRelative, formatTime } from './format.ts';
import { renderTable, type TableOptions } from './table.ts';

export interface UpcomingRun {
  readonly task: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** IANA name. */
  readonly timeZone: string;
}

const columns = [{ title: 'TASK' }, { title: 'TIME' }, { title: 'ZONE' }, { title: 'DUE' }];

/** Runs to come, in the order given. */
export function renderUpcoming(
  runs: readonly UpcomingRun[],
  { now, ...options }: TableOptions & { readonly now: number },
): string {
  if (runs.length === 0) return 'Nothing is scheduled.';
  const rows = runs.map(({ task, at, timeZone }) => [
    task,
    formatTime(at, timeZone),
    timeZone,
    formatRelative(at, now),
  ]);
  return renderTable(columns, rows, options);
}
