import { alignColumns, sum } from '../report.ts';
import type { RunsReport } from './runs.ts';

const detailsShown = 40;

/** A line for each fault, one for all of them, and what was found. */
export function renderRuns(reports: readonly RunsReport[]): string {
  const columns = ['tried', 'lost', 'falseSuccess', 'unlisted'] as const;
  const rows = [
    ['fault', 'tried', 'lost', 'false success', 'unlisted delete'],
    ...reports.map((report) => [report.fault, ...columns.map((column) => String(report[column]))]),
    ['all', ...columns.map((column) => String(sum(reports, (report) => report[column])))],
  ];
  const details = reports.flatMap(({ fault, details: found }) => found.map((detail) => `${fault}: ${detail}`));
  const notTried = reports.filter(({ tried }) => tried === 0).map(({ fault }) => fault);
  const left = notTried.length === 0 ? [] : [`Not tried, or not permitted on this machine: ${notTried.join(', ')}`];
  return [...alignColumns(rows), ...left, ...details.slice(0, detailsShown)].join('\n');
}
