import type { CredentialReport } from '../model/verification.ts';
import { sanitizeLine } from './sanitize.ts';
import { type Cell, renderTable, type TableOptions } from './table.ts';

const columns = [
  { title: 'CREDENTIAL' },
  { title: 'PROVIDER' },
  { title: 'TASK' },
  { title: 'WORKS' },
  { title: 'MESSAGE' },
];

/** Each credential, and below it the places of the tasks that use it. */
export function renderCredentialReports(reports: readonly CredentialReport[], options: TableOptions): string {
  if (reports.length === 0) return 'No credentials.';
  const rows = reports.flatMap(({ credential, provider, accepted, message, places }) => [
    [sanitizeLine(credential), provider, '', verdict(accepted), sanitizeLine(message)],
    ...places.map(({ task, place, reachable, message: found }) => [
      ...['', '', sanitizeLine(task), verdict(reachable)],
      sanitizeLine(`${place === '' ? 'the root' : place}: ${found}`),
    ]),
  ]);
  return renderTable(columns, rows, options);
}

function verdict(good: boolean): Cell {
  return good ? { text: 'yes', style: 'green' } : { text: 'no', style: 'red' };
}
