import { errorAtOffset, type Finding } from './finding.ts';

interface Line {
  readonly start: number;
  readonly text: string;
  readonly indent: number;
}

/**
 * The quote that is opened in a line and not closed there, while the next line is a key of its own: where the parser
 * stumbles is wherever the next quote happens to be. `null` where there is none before `end`.
 */
export function openQuote(text: string, end: number): Finding | null {
  // From the end, so that each line is read once: a file may be made of nothing but blank lines.
  let found: Line | undefined;
  let next: Line | undefined;
  for (const line of linesOf(text).reverse()) {
    const goesOn = next !== undefined && !/^\s*(?:- |["']?[\w.-]+["']?:(?:\s|$))/.test(next.text);
    if (line.start <= end && !goesOn && isOpen(valueIn(line.text))) found = line;
    if (isWritten(line)) next = line;
  }
  if (found === undefined) return null;
  const offset = found.start + found.text.length - valueIn(found.text).length;
  const mark = text[offset] ?? '"';
  return errorAtOffset(
    'CS004',
    offset,
    'a character is missing: the quote that begins here is not closed',
    `close it with ${mark} in its line`,
  );
}

/** A value in quotes that has no closing one; a comment behind it does not count. */
function isOpen(value: string): boolean {
  if (value.startsWith('"')) return !/^"(?:[^"\\]|\\.)*"/.test(value);
  return value.startsWith("'") && !/^'(?:[^']|'')*'/.test(value);
}

function valueIn(line: string): string {
  return line.replace(/^\s*(?:- +)*(?:["']?[\w.-]+["']?:\s+)?/, '');
}

/**
 * Which line is indented by another number of blanks than its neighbours: the one that the parser names, or the one
 * before it. `null` where the indentation does not explain the fault.
 */
export function oddIndent(text: string, start: number): Finding | null {
  const lines = linesOf(text).filter(isWritten);
  const index = lines.findIndex((line) => line.start === start);
  const [before, line, after] = [lines[index - 1], lines[index], lines[index + 1]];
  if (before === undefined || line === undefined || before.indent === line.indent) return null;
  // Where the next line agrees with this one, the one before is the odd one out.
  const isBefore = after !== undefined && after.indent === line.indent && before.indent > line.indent;
  const odd = isBefore ? before : line;
  const other = isBefore ? line : before;
  const message = `this line begins after ${blanks(odd.indent)}, and the one ${isBefore ? 'below' : 'above'} it after ${blanks(other.indent)}`;
  const hint = 'begin the keys of one map after the same number of blanks';
  return errorAtOffset('CS004', odd.start + odd.indent, message, hint);
}

function blanks(count: number): string {
  return count === 1 ? '1 blank' : `${count} blanks`;
}

function isWritten({ text }: Line): boolean {
  return !/^\s*(?:#|$)/.test(text);
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const found = { start, text: line, indent: line.length - line.trimStart().length };
    start += line.length + 1;
    return found;
  });
}
