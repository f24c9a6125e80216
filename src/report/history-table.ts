import type { RunRecord } from '../model/run.ts';
import { formatBytes, formatDuration, formatTime } from './format.ts';
import { warningLine } from './run-line.ts';
import { sanitizeLine } from './sanitize.ts';
import { outcomeStyles } from './state-style.ts';
import { type Cell, type Column, renderTable, type TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'RUN' },
  { title: 'STARTED' },
  { title: 'TOOK', align: 'right' },
  { title: 'TRIGGER' },
  { title: 'OUTCOME' },
  { title: 'FILES', align: 'right' },
  { title: 'BYTES', align: 'right' },
  { title: 'DELETED', align: 'right' },
  { title: 'MESSAGE' },
];

/** Runs that are over, in the order given. `timeZone` `null` is that of this machine. */
export function renderHistory(
  records: readonly RunRecord[],
  { timeZone, ...options }: TableOptions & { readonly timeZone: string | null },
): string {
  if (records.length === 0) return 'No runs yet.';
  const rows = records.map((record) => historyRow(record, timeZone));
  return renderTable(columns, rows, options);
}

function historyRow(record: RunRecord, timeZone: string | null): readonly Cell[] {
  const { id, startedAt, finishedAt, trigger, attempt, dryRun, outcome, stats, lastError, warnings } = record;
  return [
    sanitizeLine(id),
    formatTime(startedAt, timeZone),
    formatDuration(finishedAt - startedAt),
    `${trigger}${attempt > 1 ? ` #${attempt}` : ''}${dryRun ? ' (dry)' : ''}`,
    { text: outcome, style: outcomeStyles[outcome] },
    String(stats.transfers),
    formatBytes(stats.bytes),
    String(stats.deletes),
    sanitizeLine(lastError ?? warningLine(warnings) ?? ''),
  ];
}
