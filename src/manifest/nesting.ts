import { Lexer, Parser } from 'yaml';

/** No manifest comes near it, and every parser gets there. */
const maxDepth = 200;

/**
 * Offset of the first thing that is nested too deeply to be read, or `null`. To be asked before the text is parsed:
 * the library calls itself for each level, and a regular expression that is compiled at the end of the stack ends the
 * whole process (`RegExpCompiler Allocation failed`), which nobody can catch.
 */
export function tooDeepAt(text: string): number | null {
  return boundOfDepth(text) <= maxDepth ? null : search(text);
}

/** About 50 ms of parsing, in which a daemon hears nothing else; the library cannot be interrupted. */
const maxLexemes = 10_000;
/** No shorter text takes longer, whatever is in it. */
const shortLength = 8 * 1024;

/** Offset of the first thing that is too much to be read, or `null`. To be asked before the text is parsed. */
export function tooManyAt(text: string): number | null {
  if (text.length <= shortLength) return null;
  let count = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (count > maxLexemes) return offset;
    // The marks of where a document or scalar begins are no part of the text.
    if (text.startsWith(lexeme, offset)) offset += lexeme.length;
  }
  return null;
}

/**
 * Never less than the depth, and found in one look at each character. A block begins further right than the one around
 * it, or as a list at the same place; what is on one line shares an indentation; each bracket can hold a pair.
 */
function boundOfDepth(text: string): number {
  let brackets = 0;
  let widestIndent = 0;
  let mostIndicators = 0;
  let indent = 0;
  let indicators = 0;
  let isIndent = true;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\n') {
      indent = 0;
      indicators = 0;
      isIndent = true;
    } else if (character === ' ' && isIndent) {
      indent += 1;
    } else {
      if (isIndent) widestIndent = Math.max(widestIndent, indent);
      isIndent = false;
      if (character === '[' || character === '{') brackets += 1;
      else if (character === '-' || character === ':' || character === '?') indicators += 1;
      mostIndicators = Math.max(mostIndicators, indicators);
    }
  }
  return 2 * (brackets + widestIndent) + mostIndicators;
}

/**
 * By the library's reader of tokens, which keeps a stack of its own. Stopped in time: it calls itself as often as there
 * is something left on that stack in the end.
 */
function search(text: string): number | null {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    // What is too much is not parsed, however deep it is.
    if (count > maxLexemes && text.length > shortLength) return null;
    Array.from(parser.next(lexeme));
    if (parser.stack.length > maxDepth) return parser.offset;
  }
  return null;
}
