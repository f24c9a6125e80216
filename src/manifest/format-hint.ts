import { type DocumentPath, pathText } from './finding.ts';

/** What to write in place of a text that a pattern refuses, where that can be told from it; else `null`. */
export function formatHint(path: DocumentPath, value: unknown): string | null {
  if (typeof value !== 'string') return null;
  switch (pathText(path)) {
    case 'metadata.name':
    case 'spec.remote.credential':
      return nameHint(value);
    case 'spec.safety.maxDelete':
      return limitHint(value.trim());
    default:
      return null;
  }
}

function nameHint(written: string): string | null {
  const name = written
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 52)
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? null : `write ${name}: lower-case letters, digits and hyphens, at most 52 characters`;
}

function limitHint(written: string): string | null {
  const [, number] = /^(\d{1,15})\s*%?$/.exec(written) ?? [];
  if (number === undefined) return null;
  if (written.endsWith('%')) return Number(number) <= 100 ? `write "${Number(number)}%"` : null;
  const share = Number(number) <= 100 ? `, or "${Number(number)}%" for that share of the files at the destination` : '';
  return `write ${Number(number)} without quotes for at most that many files${share}`;
}
