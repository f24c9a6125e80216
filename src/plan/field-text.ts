import type { FieldValue } from './manifest-words.ts';

const maxLength = 200;

/** A value on one line, close to how it is written in YAML. */
export function valueText(value: FieldValue): string {
  const text = wholeText(value);
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/**
 * Text that cannot move the cursor, hide, or run backwards: a plan is read by the person who approves it, and names of
 * files come from whoever wrote the change. Nor is a line of it a command to the CI in whose log it stands, as lines
 * that begin with `::` are to GitHub, and `##vso[` is to others.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?<=^\s*):(?=:)|#(?=#\w*\[)/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function wholeText(value: FieldValue): string {
  if (value === null) return '(none)';
  if (typeof value === 'string') return /^[\w./:@%+…-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(wholeText).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${wholeText(inner)}`)
    .join(', ')}}`;
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: FieldValue): value is readonly FieldValue[] {
  return Array.isArray(value);
}
