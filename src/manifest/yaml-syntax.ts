import type { YAMLParseError } from 'yaml';
import type { Finding } from './finding.ts';
import { oddIndent, openQuote } from './yaml-slip.ts';

/**
 * Syntax errors in our own words, one a line: what follows the first on a line is its echo. The text is never quoted,
 * because it may hold a secret.
 */
export function syntaxFindings(text: string, errors: readonly YAMLParseError[]): readonly Finding[] {
  const seen = new Set<number>();
  let isIndentExplained = false;
  const quote = errors.length === 0 ? null : openQuote(text, Math.max(...errors.map(({ pos }) => pos[0])));
  if (quote !== null) return [quote];
  return errors.flatMap((error) => {
    const offset = Math.min(error.pos[0], Math.max(0, text.length - 1));
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    if (seen.has(start)) return [];
    seen.add(start);
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end === -1 ? text.length : end);
    const odd = error.code === 'BAD_INDENT' ? oddIndent(text, start) : null;
    // One line that is out of place makes others look so.
    if (error.code === 'BAD_INDENT' && isIndentExplained) return [];
    if (odd !== null) {
      isIndentExplained = true;
      return [odd];
    }
    const explained = explanation(error.code, line);
    // YAML stumbles over a star only at the space after it; the reader looks at where the value begins.
    const spot = { offset: explained.code === 'CS008' ? start + line.indexOf(plainValue(line)) : offset };
    return [{ severity: 'error', spot, ...explained } satisfies Finding];
  });
}

type Explanation = Pick<Finding, 'code' | 'message' | 'hint'>;

function explanation(code: string, line: string): Explanation {
  if (code === 'MULTIPLE_DOCS') {
    const hint = 'move each document to a file of its own';
    return { code: 'CS005', message: 'a second document begins here; a manifest is exactly one', hint };
  }
  if (/^ *\t/.test(line)) {
    return {
      code: 'CS004',
      message: 'the line is indented with a tab',
      hint: 'YAML is indented with spaces; write two for each level',
    };
  }
  return trap(line) ?? { code: 'CS004', ...(sentences[code] ?? unknownError) };
}

/** Values that look plain to people and mean something else to YAML. */
function trap(line: string): Explanation | null {
  const value = plainValue(line);
  if (/^@(?:hourly|daily|weekly|monthly)\b/.test(value)) {
    const preset = value.replace(/^@(\w+).*$/, '$1');
    return {
      code: 'CS008',
      message: 'a value that begins with @ must be quoted',
      hint: `write ${preset}, or "@${preset}"`,
    };
  }
  if (/^\*(?:\/\d+)?(?: |$)/.test(value)) {
    const cron = /^[\d*/,\- ]+$/.test(value) ? value : '* * * * *';
    return { code: 'CS008', message: 'a value that begins with * must be quoted', hint: `write "${cron}"` };
  }
  if (/^[@%`*]/.test(value)) {
    return { code: 'CS008', message: `a value that begins with ${value[0]} must be quoted`, hint: quoteAdvice };
  }
  if (/^'.*'[^']/s.test(value)) {
    const hint = "write '' for a quote inside single quotes, or put the value in double quotes";
    return { code: 'CS004', message: 'the text goes on after its closing quote', hint };
  }
  if (/^[^"'[{|>].*:(?:\s|$)/.test(value)) {
    const hint = 'put the value in double quotes, as in "gdrive:"';
    return {
      code: 'CS008',
      message: 'a value that ends in a colon, or holds a colon and a space, must be quoted',
      hint,
    };
  }
  return null;
}

const quoteAdvice = 'put the value in double quotes';

function plainValue(line: string): string {
  const rest = line.replace(/^\s*(?:- +)*/, '').replace(/^[\w.-]+:\s+/, '');
  return rest.replace(/(?<=\s)#.*$/s, '').trim();
}

type Sentence = Pick<Finding, 'message' | 'hint'>;

const unknownError: Sentence = {
  message: 'this is not valid YAML',
  hint: 'look for a missing quote, bracket or colon',
};

const sentences: Readonly<Record<string, Sentence>> = {
  BAD_DQ_ESCAPE: {
    message: 'a backslash in double quotes begins an escape, and this one does not exist',
    hint: 'write \\\\ for a backslash, or use single quotes',
  },
  BAD_INDENT: {
    message: 'the indentation does not fit, or a bracket is not closed',
    hint: 'indent the keys of one map by the same number of spaces, and close every [ and {',
  },
  BAD_SCALAR_START: { message: 'a value cannot begin with this character', hint: quoteAdvice },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a map cannot begin on the line of its key',
    hint: 'begin a new line, or put the value in double quotes',
  },
  BLOCK_IN_FLOW: { message: 'a value in brackets cannot go on in block style', hint: 'close the bracket first' },
  MISSING_CHAR: { message: 'a character is missing, such as a closing quote or a colon', hint: null },
  MULTILINE_IMPLICIT_KEY: { message: 'a key must be on one line, with a colon after it', hint: null },
  NON_STRING_KEY: { message: 'a key must be text', hint: quoteAdvice },
  RESOURCE_EXHAUSTION: { message: 'the document is nested too deeply', hint: null },
  TAB_AS_INDENT: { message: 'a tab is used as indentation', hint: 'indent with spaces' },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    hint: 'look for a missing quote, bracket or line break before it',
  },
};
