import { paint, type Style } from './style.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export type Cell = string | { readonly text: string; readonly style: Style };

export interface TableOptions {
  readonly color: boolean;
  /** Columns of the terminal; `null`: nothing is cut, because a program may be reading. */
  readonly width: number | null;
}

const gap = '  ';

/** The narrowest that the last column is cut to. */
const leastWidth = 10;

/** An aligned table without lines. Only the last column is ever cut, and only to fit a terminal. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { color, width }: TableOptions,
): string {
  const titles: readonly Cell[] = columns.map(({ title }) => ({ text: title, style: 'bold' }));
  const all = [titles, ...rows];
  const widths = fitted(
    columns.map((_, index) => all.reduce((widest, row) => Math.max(widest, widthOf(textOf(row[index]))), 0)),
    width,
  );
  return all.map((row) => renderRow(row, columns, widths, color)).join('\n');
}

function renderRow(row: readonly Cell[], columns: readonly Column[], widths: readonly number[], color: boolean) {
  const cells = columns.map(({ align }, index) => {
    const width = widths[index] ?? 0;
    const cell = row[index];
    const text = cut(textOf(cell), width);
    const padding = ' '.repeat(Math.max(0, width - widthOf(text)));
    const painted = paint(text, cell === undefined || typeof cell === 'string' ? null : cell.style, color);
    return align === 'right' ? padding + painted : painted + padding;
  });
  return cells.join(gap).trimEnd();
}

function fitted(widths: readonly number[], available: number | null): readonly number[] {
  if (available === null) return widths;
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0);
  const last = Math.max(leastWidth, available - before);
  return widths.map((width, index) => (index === widths.length - 1 ? Math.min(width, last) : width));
}

function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

function widthOf(text: string): number {
  return [...text].length;
}
