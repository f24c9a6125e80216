/**
 * Control characters of both sets, line separators, and the marks that reorder text: a file name or a remote's
 * message could otherwise move the cursor, recolour the terminal, or make one name look like another. And what begins a
 * command to the CI in whose log it stands: `::` at the start of a line to GitHub, `##vso[` and the like to others.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|(?<=^\s*):(?=:)|#(?=#\w*\[)/gu;

/** Makes text from outside safe to print as part of one line. */
export function sanitizeLine(text: string): string {
  return text.replaceAll(unsafe, escapeSequence);
}

/** The same for text of several lines, with tabs as spaces. */
export function sanitizeBlock(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => sanitizeLine(line.replaceAll('\t', '  ')))
    .join('\n');
}

const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeSequence(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return names[character] ?? (code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`);
}
