import { type DocumentPath, errorAt, type Finding, pathText } from './finding.ts';
import { exampleHint, found } from './found-value.ts';
import type { Expectation } from './validators.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

/** A value of the wrong type, with how to write it where YAML has read it otherwise than people do. */
export function typeFinding(path: DocumentPath, type: unknown, value: unknown, expectation: Expectation): Finding {
  const types = [type].flat().map(String);
  if (isSecretPlace(path) && value !== null) {
    const hint = 'write { fromEnv: NAME } or { fromFile: /path/to/file }';
    return errorAt('CS043', path, `${pathText(path)} must be a reference to a secret, not the secret itself`, hint);
  }
  const expected = types.map((name) => typeNames[name]).join(' or ');
  const hint = rewrite(types, value, expectation) ?? exampleHint(path, expectation);
  return errorAt('CS013', path, `${pathText(path)} must be ${expected}; found ${found(path, value)}`, hint);
}

/** What is written there instead of a reference may be the secret itself. */
export function isSecretPlace(path: DocumentPath): boolean {
  return path.length === 3 && path[1] === 'encryption' && (path[2] === 'password' || path[2] === 'salt');
}

function rewrite(types: readonly string[], value: unknown, expectation: Expectation): string | null {
  if (types.includes('boolean') && typeof value === 'string') {
    if (/^(?:yes|on|y|true)$/i.test(value)) return 'write true, in small letters and without quotes';
    if (/^(?:no|off|n|false)$/i.test(value)) return 'write false, in small letters and without quotes';
  }
  if (types.includes('integer') && typeof value === 'string' && /^\d+$/.test(value))
    return 'write the number without quotes';
  if (!types.includes('string')) return null;
  if (value === null) return 'write a value; text that begins with # must be in double quotes, or it is a comment';
  // A number where a quantity belongs lacks its unit, not its quotes.
  if (Array.isArray(value) || /^\d/.test(String(expectation.example))) return null;
  if (typeof value === 'object') return 'text with braces must be in double quotes, or it is a map';
  return 'put the value in double quotes';
}
