import { isError, type Problem } from '../model/problem.ts';
import { plural } from '../model/wording.ts';
import { sanitizeBlock, sanitizeLine } from './sanitize.ts';
import { paint } from './style.ts';

/** Each problem with its place, the lines around it and what to write instead; a blank line between them. */
export function renderProblems(problems: readonly Problem[], { color }: { readonly color: boolean }): string {
  return problems.map((problem) => renderProblem(problem, color)).join('\n\n');
}

/** `2 errors, 1 warning in 12 files`. */
export function renderProblemCount(problems: readonly Problem[], files: number): string {
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  const counts = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  return `${counts.length === 0 ? 'No problems' : counts.join(', ')} in ${plural(files, 'file')}`;
}

function renderProblem({ file, line, column, severity, code, message, hint, frame }: Problem, color: boolean): string {
  const place = paint(`${sanitizeLine(file)}:${line}:${column}`, 'bold', color);
  const label = paint(`${severity} ${code}`, severity === 'error' ? 'red' : 'yellow', color);
  return [
    `${place} ${label} ${sanitizeLine(message)}`,
    ...(frame === null ? [] : [sanitizeBlock(frame.replace(/\n$/, ''))]),
    ...(hint === null ? [] : [`  ${paint('hint:', 'cyan', color)} ${sanitizeLine(hint)}`]),
  ].join('\n');
}
