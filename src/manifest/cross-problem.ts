import type { ParsedManifest, PlaceName } from '../model/desired.ts';
import type { Problem, ProblemCode, Severity } from '../model/problem.ts';
import type { ManifestContext } from './context.ts';
import { printable } from './problem-frame.ts';
import { displayPath } from './problem-list.ts';
import { placeOf } from './written-places.ts';

/** A problem that shows only when files are seen together. */
export interface CrossProblem {
  readonly manifest: ParsedManifest;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly place: PlaceName;
  readonly message: string;
  readonly hint: string | null;
}

export function placeCrossProblem(problem: CrossProblem, context: ManifestContext): Problem {
  const { manifest, code, severity, message, hint } = problem;
  const place = placeOf(manifest.places, problem.place);
  const { line, column } = place;
  const frame = place.text === '' ? null : lineFrame(place);
  return { code, severity, file: displayPath(manifest.path, context), line, column, message, hint, frame };
}

/** `tasks.d/photos.yaml:4` */
export function placeText(manifest: ParsedManifest, place: PlaceName, context: ManifestContext): string {
  return `${displayPath(manifest.path, context)}:${placeOf(manifest.places, place).line}`;
}

export function compareProblems(left: Problem, right: Problem): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}

function lineFrame({
  line,
  column,
  text,
}: {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}): string {
  const width = String(line).length;
  const shown = printable(text.slice(0, 120));
  const indent = shown.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  return `> ${line} | ${shown}\n  ${' '.repeat(width)} | ${indent}^`;
}
