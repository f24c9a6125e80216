// What each fake cloud answers and does not, from the table at the head of its file.
import { readdirSync, readFileSync } from 'node:fs';

/** By the file's name without its ending: the introducing sentences, and the table's rows. */
export function fakeCoverage(directory) {
  const files = readdirSync(directory).filter((name) => name.endsWith('.ts'));
  return new Map(
    files.sort().flatMap((name) => {
      const comment = /^\/\*\n(.*?)^ \*\/$/ms.exec(readFileSync(`${directory}/${name}`, 'utf8'))?.[1];
      if (comment === undefined || !comment.includes('| answered')) return [];
      const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
      const text = lines
        .filter((line) => !line.startsWith('|'))
        .join(' ')
        .trim();
      const rows = lines
        .filter((line) => line.startsWith('|'))
        .slice(2)
        .map(cells);
      return [[name.replace(/\.ts$/, ''), { text, answered: column(rows, 0), unanswered: column(rows, 1) }]];
    }),
  );
}

function cells(line) {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** A cell may go on in the next row, so they are read as one text. */
function column(rows, index) {
  return rows
    .map((row) => row[index] ?? '')
    .filter((cell) => cell !== '')
    .join('; ');
}
