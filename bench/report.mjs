import { cpus } from 'node:os';

/**
 * A row is `{ what, unit, ours, beside, peer, goal }`: two numbers in one unit, what the second one is of, and the goal
 * in words. `peer` is `null` where there is nothing to compare with.
 */
export function renderTable(rows) {
  const lines = [
    ['what', 'unit', 'Cloudsync', 'peer', 'ratio', 'difference', 'beside', 'goal'],
    ...rows.map(({ what, unit, ours, beside, peer, goal }) => {
      const compared = peer === null ? ['–', '–', '–'] : [number(peer), number(ours / peer), number(ours - peer)];
      return [what, unit, number(ours), ...compared, beside, goal];
    }),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line.map((cell, column) => (isNumeric(column) ? cell.padStart : cell.padEnd).call(cell, widths[column])),
    )
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

export function renderJson(rows, rounds) {
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? '' };
  const withRatios = rows.map((row) => ({
    ...row,
    ratio: row.peer === null ? null : row.ours / row.peer,
    difference: row.peer === null ? null : row.ours - row.peer,
  }));
  return JSON.stringify({ machine, rounds, rows: withRatios }, null, 2);
}

function isNumeric(column) {
  return column >= 2 && column <= 5;
}

function number(value) {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}
