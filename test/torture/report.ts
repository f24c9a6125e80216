import { damages } from './checks.ts';
import type { FaultReport } from './kills.ts';

const detailsShown = 30;

/** A line for each fault, and one for all of them. */
export function renderTable(reports: readonly FaultReport[]): string {
  const total = damages.map((damage) => sum(reports, (report) => report.damage[damage]));
  const rows = [
    ['fault', 'tried', ...damages],
    ...reports.map(({ fault, tried, damage }) => [
      fault,
      ...[tried, ...damages.map((each) => damage[each])].map(String),
    ]),
    ['all', String(sum(reports, ({ tried }) => tried)), ...total.map(String)],
  ];
  const elsewhere = sum(reports, (report) => report.elsewhere);
  const details = reports.flatMap(({ fault, details: told }) => told.map((detail) => `${fault}: ${detail}`));
  return [
    ...alignColumns(rows),
    `Killed besides, at a moment of no choice, as they did not come by their fault in time: ${elsewhere}`,
    ...details.slice(0, detailsShown),
  ].join('\n');
}

/** Of equal widths; the first one to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => align(cell, widths[column] ?? 0, column)).join('  '));
}

function align(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

export function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
