import { getSystemErrorMap } from 'node:util';

/** A failed system call in the system's own words, such as `ENOSPC: no space left on device`; never with a path. */
export function systemWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  const known = getSystemErrorMap().get(number);
  return known === undefined ? error.message : `${known[0]}: ${known[1]}`;
}

/** What was thrown, for whoever has to tell that there is a bug. */
export function internalError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith('Internal error') ? text : `Internal error: ${text}`;
}

/** `ENOENT` and the like; an empty text for anything that is not a failed system call. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
