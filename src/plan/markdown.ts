import { digest } from '../model/spec-hash.ts';
import { printable } from './field-text.ts';

/** GitHub takes 65,536 characters in a comment. Counted in UTF-16 units, of which a character has one or two. */
export const maxLength = 59_000;

/**
 * What comes from a manifest stands in `<code>` within HTML blocks, or in a fence. In neither is Markdown read, nobody
 * is mentioned and nothing becomes a link, so that escaping for HTML is enough. A blank line would end the block.
 */
export function code(text: string, length = 1000): string {
  return `<code>${escaped(cut(printable(text), length))}</code>`;
}

/** The lines as they are, in a fence that none of them can close. */
export function fence(language: string, lines: readonly string[]): string {
  const text = lines.map((line) => cut(printable(line), maxLine)).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

/** By this a later comment finds the one before. It says what about and for which directory. */
export function marker(subject: string, directory: string): string {
  const name = encodeURI(directory.replaceAll(/\p{Cs}/gu, '\ufffd')).replaceAll('@', '%40');
  const short = name.length <= maxName ? name : `${name.slice(0, maxName)}-${digest(name).slice(-12)}`;
  return `<!-- ${subject}:${short} -->`;
}

export interface Fitting {
  readonly kept: readonly string[];
  readonly left: number;
}

/** As many of the texts as there is room for, each whole and with a blank line after it. */
export function fitting(texts: readonly string[], room: number): Fitting {
  let rest = room;
  const kept = texts.filter((text) => {
    const fits = text.length + 2 <= rest;
    if (fits) rest -= text.length + 2;
    return fits;
  });
  return { kept, left: texts.length - kept.length };
}

const maxLine = 300;
const maxName = 200;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"'@`|]/g, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`);
}

/** Not between the two halves of a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
