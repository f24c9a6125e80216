export type Severity = 'error' | 'warning';

/**
 * Every kind of problem that a manifest can have. Codes are stable: they are never reused or renumbered. CS020 is
 * retired; it was about fields that did nothing yet.
 */
export const problemCodes = {
  CS001: 'The file cannot be read',
  CS002: 'The file is too large',
  CS003: 'The file is not a regular file inside the tasks directory',
  CS004: 'The file is not valid YAML',
  CS005: 'The file does not hold exactly one document',
  CS006: 'A key is written twice',
  CS007: 'A YAML feature is not accepted here',
  CS008: 'The value must be quoted',
  CS010: 'The kind or apiVersion is unknown',
  CS011: 'A required key is missing',
  CS012: 'The key is unknown',
  CS013: 'The value has the wrong type',
  CS014: 'The value is not one of the allowed values',
  CS015: 'The value is out of range',
  CS016: 'The value has the wrong format',
  CS021: 'The schedule is not valid',
  CS022: 'The schedule never fires',
  CS023: 'The time zone is unknown',
  CS024: 'The bandwidth limit is not valid',
  CS025: 'The bandwidth limit is probably not what was meant',
  CS026: 'The filter pattern is not valid',
  CS027: 'The filter pattern is probably not what was meant',
  CS028: 'The path is outside the allowed roots',
  CS029: 'The schedule is probably not what was meant',
  CS030: 'The name is used twice',
  CS031: 'The credential does not exist',
  CS032: 'The credential is not valid',
  CS033: 'Two manifests would share a status file',
  CS034: 'Tasks would fight over the same files',
  CS035: 'The provider does not allow this',
  CS036: 'The rclone flag is not allowed',
  CS037: 'The script is probably not what was meant',
  CS038: 'The field has no effect here',
  CS039: 'The field costs more here than it may seem',
  CS040: 'The provider is unknown',
  CS041: 'The provider option is unknown',
  CS042: 'The provider option is required',
  CS043: 'A secret must be a reference',
  CS044: 'The provider option is not valid',
  CS045: 'The manifest may not run commands here',
  CS046: 'The annotation is unknown',
  CS047: 'The transfer mode does not allow this field',
  CS048: 'What may be a manifest is not read',
  CS049: 'The installed rclone lacks this',
  CS050: 'The task would use a directory of Cloudsync itself',
  CS051: 'The state directory is not safe',
} as const;

export type ProblemCode = keyof typeof problemCodes;

/** Something wrong in one manifest, placed so that an editor can jump to it. Lines and columns count from 1. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Path as the user would name it: the tasks directory as given, then the manifest's path in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong, what was expected and what was found. Never contains a value that may be a secret. */
  readonly message: string;
  /** What to write instead; `null` where the message says it all. */
  readonly hint: string | null;
  /** The lines around the place with a marker below it; `null` where there is no text to show. */
  readonly frame: string | null;
}

export function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}
