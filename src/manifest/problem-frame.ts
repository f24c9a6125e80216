const contextLines = 1;
const widestLine = 120;

/**
 * The line and its neighbours with a marker below the column; both count from 1. The lines must have been masked, which
 * can make them shorter than the column is.
 */
export function problemFrame(lines: readonly string[], line: number, column: number): string {
  const first = Math.max(1, line - contextLines);
  const last = Math.max(line, Math.min(lines.length, line + contextLines));
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const text = lines[number - 1] ?? '';
    const marked = number === line;
    const start = marked ? Math.max(0, Math.min(column, text.length) - widestLine + 20) : 0;
    const part = printable(text.slice(start, start + widestLine));
    shown.push(`${marked ? '>' : ' '} ${String(number).padStart(width)} | ${part}`.trimEnd());
    if (marked) shown.push(`  ${' '.repeat(width)} | ${markerIndent(part, column - 1 - start)}^`);
  }
  return shown.join('\n');
}

/** Control characters could steer the reader's terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\t' ? character : '\ufffd'));
}

/** As wide as the text before the marker: a tab stays a tab. */
function markerIndent(text: string, column: number): string {
  return text.slice(0, Math.max(0, column)).replaceAll(/[^\t]/g, ' ');
}
