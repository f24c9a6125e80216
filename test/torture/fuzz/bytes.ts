/** A source of numbers in [0, 1). */
export type Random = () => number;

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  if (values.length === 0) throw new Error('There is nothing to choose from');
  // Of what there is to choose from, nothing can be one too.
  return values[below(random, values.length)] as T;
}

/** Changes a text without knowing what it says. */
export function mutateBytes(text: string, random: Random, other: string): string {
  const start = below(random, text.length + 1);
  const end = Math.min(text.length, start + 1 + below(random, random() < 0.8 ? 8 : 400));
  const [before, part, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  switch (below(random, 9)) {
    case 0:
      return before + after;
    case 1:
      return before + part + part + after;
    case 2:
      return before + part.repeat(1 + below(random, random() < 0.9 ? 20 : 3000)) + after;
    case 3:
      return before + oneOf(random, tokens) + part + after;
    case 4:
      return before + String.fromCharCode(below(random, 0x10000)) + after;
    case 5:
      return before + part.split('').reverse().join('') + after;
    case 6:
      return before + other.slice(below(random, other.length));
    case 7:
      return swapLines(text, random);
    default:
      return indentLine(text, random);
  }
}

/** What means something to YAML, or to a terminal, or to nobody. */
const tokens: readonly string[] = [
  ...[':', ': ', '- ', '? ', '? - ', ', ', '[', ']', '{', '}', '#', ' #', '&a ', '*a', '!', '!!', '!!binary ', '|'],
  ...[
    '|+9\n',
    '>-\n',
    "'",
    '"',
    '%',
    '%YAML 1.1\n---\n',
    '%TAG ! tag:x:\n---\n',
    '---\n',
    '...\n',
    '@',
    '`',
    '<<: *a\n',
  ],
  ...['\t', '\r', '\r\n', '\n', '\n\n', '\u0000', '\u001b[31m', '\u0085', '\u2028', '\ufeff', '\ud800', '\u202e'],
  ...['~', 'null', 'NO', '0x1f', '1e999', '.inf', '-.NaN', '__proto__: ', 'constructor: ', '"\\u0000"', '"\\x"'],
];

function swapLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const [left, right] = [below(random, lines.length), below(random, lines.length)];
  const other = lines[right] ?? '';
  lines[right] = lines[left] ?? '';
  lines[left] = other;
  return lines.join('\n');
}

function indentLine(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = below(random, lines.length);
  const line = lines[at] ?? '';
  lines[at] = random() < 0.5 ? line.trimStart() : oneOf(random, [' ', '  ', '\t', '    ']) + line;
  return lines.join('\n');
}
