import type { Provider } from '../model/provider.ts';

/** Which values may be shown in the frame of a problem. */
export interface MaskPolicy {
  /** Everything is hidden but the values of these keys; `null` hides only what looks like a secret. */
  readonly shownKeys: ReadonlySet<string> | null;
}

const hidden = '***';
const structure = ['metadata', 'spec', 'options'];
const plainKeys = ['apiVersion', 'kind', 'name', 'provider', 'fromEnv', 'fromFile'];
const reference = /^\{\s*(?:fromEnv:\s*[A-Za-z_]\w*|fromFile:\s*[\w./-]+)\s*\}$/;
const referenceLine = /^\s*(?:fromEnv:\s*[A-Za-z_]\w*|fromFile:\s*[\w./-]+)\s*$/;
const keyLine = /^(\s*(?:- +)*["']?([\w.-]+)["']?\s*:(?=\s|$)\s*)(.*)$/;
/** What the name of a secret has in it. */
const secretWord = /(?:pass|secret|token|salt|key|auth(?!or)|encryption|rcloneFlags)/i;

/**
 * A file that does not plainly say that it is a task may be a credential: of that, only what is known to be harmless is
 * shown. This must not depend on the YAML being valid.
 */
export function maskPolicy(text: string, providers: Iterable<Provider>): MaskPolicy {
  if (/^kind:\s*["']?CloudSyncTask["']?\s*(?:#.*)?$/m.test(text)) return { shownKeys: null };
  const options = [...providers].flatMap((provider) => Object.entries(provider.options));
  const secrets = new Set(options.filter(([, option]) => option.secret === true).map(([name]) => name));
  return { shownKeys: new Set([...plainKeys, ...options.map(([name]) => name).filter((name) => !secrets.has(name))]) };
}

/** The lines with `***` in place of what may be a secret; a secret may go on over the lines below its key. */
export function maskedLines(lines: readonly string[], policy: MaskPolicy): readonly string[] {
  let block: number | null = null;
  return lines.map((line) => {
    const indent = line.length - line.trimStart().length;
    if (block !== null && (indent > block || !/^\s*(?:- |["']?[\w.-]+["']?\s*:(?:\s|$))/.test(line))) {
      return line.trim() === '' || referenceLine.test(line) ? line : line.slice(0, indent) + hidden;
    }
    const masked = maskedLine(line, policy);
    block = masked.opensBlock ? indent : null;
    return masked.text;
  });
}

/** `opensBlock`: what is written deeper below this line belongs to the value that was hidden. */
export function maskedLine(line: string, policy: MaskPolicy): { readonly text: string; readonly opensBlock: boolean } {
  // A key that a line break parted from its colon: what it was named cannot be seen here.
  if (/^\s*:/.test(line)) return { text: line.slice(0, line.indexOf(':')) + hidden, opensBlock: true };
  // A login in a URL is a secret wherever it is written.
  const withoutLogin = line.replaceAll(/\/\/[^\s/@]*@/g, `//${hidden}@`);
  return policy.shownKeys === null ? taskLine(withoutLogin) : credentialLine(withoutLogin, policy.shownKeys);
}

/** A key under which a secret may stand, and where its value begins. Looks at each character of the line once. */
export function secretKeyIn(line: string): { readonly word: string; readonly valueAt: number } | null {
  for (const match of line.matchAll(/([\w.-]+)(?:["']?\s*[:=]\s*)?/g)) {
    const [whole, name = ''] = match;
    const word = whole === name ? undefined : secretWord.exec(name)?.[0];
    if (word !== undefined) return { word, valueAt: match.index + whole.length };
  }
  return null;
}

function taskLine(line: string): { readonly text: string; readonly opensBlock: boolean } {
  const key = secretKeyIn(line);
  if (key === null) return { text: line, opensBlock: false };
  const { valueAt } = key;
  const value = line.slice(valueAt).trim();
  const opensBlock = key.word.toLowerCase() !== 'encryption' || !(value === '' || value.startsWith('#'));
  if (value === '' || reference.test(value)) return { text: line, opensBlock };
  return { text: line.slice(0, valueAt) + hidden, opensBlock };
}

function credentialLine(
  line: string,
  shownKeys: ReadonlySet<string>,
): { readonly text: string; readonly opensBlock: boolean } {
  const match = keyLine.exec(line);
  if (match === null) {
    const indent = line.slice(0, line.length - line.trimStart().length);
    return { text: line.trim() === '' || line === '---' ? line : indent + hidden, opensBlock: false };
  }
  const [, start = '', key = '', rest = ''] = match;
  const value = rest.replace(/(?:^|(?<=\s))#.*$/s, '').trim();
  if (value === '') return { text: start.trimEnd(), opensBlock: !structure.includes(key) && !shownKeys.has(key) };
  // A tag, anchor or alias may be a secret that nobody quoted, and its name turns up elsewhere.
  // Where a line break was lost, the next key is a part of the value.
  const isPlain = shownKeys.has(key) && !/^[!&*]/.test(value) && secretKeyIn(value) === null;
  if (isPlain || reference.test(value)) return { text: start + value, opensBlock: false };
  return { text: start + hidden, opensBlock: true };
}
