import type { ProblemCode, Severity } from '../model/problem.ts';

/** A problem that is not placed yet: rules speak of keys, and only the end of the line knows lines and columns. */
export interface Finding {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly spot: Spot;
  readonly message: string;
  readonly hint: string | null;
}

/** Keys and indexes from the top of the document. */
export type DocumentPath = readonly (string | number)[];

/** A key or a value of the document, or a count of UTF-16 units from the start of the text. */
type Spot = { readonly path: DocumentPath; readonly part: 'key' | 'value' } | { readonly offset: number };

export function errorAt(code: ProblemCode, path: DocumentPath, message: string, hint: string | null = null): Finding {
  return { code, severity: 'error', spot: { path, part: 'value' }, message, hint };
}

export function errorAtKey(
  code: ProblemCode,
  path: DocumentPath,
  message: string,
  hint: string | null = null,
): Finding {
  return { code, severity: 'error', spot: { path, part: 'key' }, message, hint };
}

export function errorAtOffset(code: ProblemCode, offset: number, message: string, hint: string | null): Finding {
  return { code, severity: 'error', spot: { offset }, message, hint };
}

export function warningAt(code: ProblemCode, path: DocumentPath, message: string, hint: string | null = null): Finding {
  return { code, severity: 'warning', spot: { path, part: 'value' }, message, hint };
}

/** `spec.exclude[2]` */
export function pathText(path: DocumentPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`))
    .join('');
}
