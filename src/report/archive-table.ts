import { renderTable, type TableOptions } from './table.ts';

export interface RemovedTask {
  readonly name: string;
  /** Where its manifest was. */
  readonly path: string;
  /** As `20260104T030000.000Z`. */
  readonly removedAt: string;
}

const columns = [{ title: 'TASK' }, { title: 'MANIFEST' }, { title: 'ENDED' }];

/** Tasks whose schedules have ended, in the order given. */
export function renderArchive(tasks: readonly RemovedTask[], options: TableOptions): string {
  if (tasks.length === 0) return 'No schedule has ended.';
  const rows = tasks.map(({ name, path, removedAt }) => [name, path, readable(removedAt)]);
  return renderTable(columns, rows, options);
}

function readable(time: string): string {
  return time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3 $4:$5:$6 UTC');
}
