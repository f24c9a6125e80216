import type { Backup, RestoreRecord } from '../model/restore.ts';
import { plural } from '../model/wording.ts';
import { formatBytes, formatTime } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { renderTable, type TableOptions } from './table.ts';

/** Where a restore has put things and how many; one line, for the end. */
export function renderRestored({ restored, dryRun }: RestoreRecord): string | null {
  if (dryRun) return null;
  const { directory, backup, files, bytes, kept, keptOther } = restored;
  const from = backup === null ? '' : ` from backup ${sanitizeLine(backup)}`;
  const put = `${plural(files, 'file')} (${formatBytes(bytes)})${from} put into ${sanitizeLine(directory)}`;
  return [
    put,
    ...(kept > 0 ? [`${kept} there already with the same size`] : []),
    ...(keptOther > 0 ? [`${keptOther} there already with another size, left as they were`] : []),
  ].join('; ');
}

const columns = [
  { title: 'BACKUP' },
  { title: 'TIME' },
  { title: 'FILES', align: 'right' as const },
  { title: 'SIZE', align: 'right' as const },
  { title: 'RUN' },
];

/** The backups that a restore can take, the latest first. */
export function renderBackups(backups: readonly Backup[], options: TableOptions): string {
  const rows = backups.map(({ name, at, files, bytes, outcome }) => [
    sanitizeLine(name),
    at === null ? '-' : formatTime(at, null),
    String(files),
    formatBytes(bytes),
    outcome ?? '-',
  ]);
  return renderTable(columns, rows, options);
}

/** The same for programs: times as RFC 3339. */
export function backupDocument({ at, ...rest }: Backup): object {
  return { ...rest, at: at === null ? null : new Date(at).toISOString() };
}
