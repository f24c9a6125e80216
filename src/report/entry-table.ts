import { formatBytes, formatTime } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { renderTable, type TableOptions } from './table.ts';

/** Something in a folder; `size` in bytes, `modified` as RFC 3339. */
export interface ListedEntry {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number | null;
  readonly modified: string;
}

const columns = [{ title: 'SIZE', align: 'right' as const }, { title: 'MODIFIED' }, { title: 'NAME' }];

export function renderEntries(entries: readonly ListedEntry[], options: TableOptions): string {
  if (entries.length === 0) return 'Nothing is there.';
  const rows = entries.map(({ name, directory, size, modified }) => [
    size === null ? '-' : formatBytes(size),
    Number.isNaN(Date.parse(modified)) ? '-' : formatTime(Date.parse(modified), null),
    `${sanitizeLine(name)}${directory ? '/' : ''}`,
  ]);
  return renderTable(columns, rows, options);
}
