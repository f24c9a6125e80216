import { isError, type Problem } from '../model/problem.ts';
import type { StatusProblem } from '../model/status.ts';
import type { Observation } from './condition.ts';

/** A file of 64 KiB can hold thousands of problems; the status is for reading, `validate` lists them all. */
const mostProblems = 20;

/** Errors first, so that the limit never hides one behind warnings. */
export function statusProblems(problems: readonly Problem[]): readonly StatusProblem[] {
  return errorsFirst(problems)
    .slice(0, mostProblems)
    .map(({ code, severity, line, column, message, hint }) => ({ code, severity, line, column, message, hint }));
}

/** The condition `Valid` of a manifest that is there. */
export function validObservation(problems: readonly Problem[]): Observation {
  const [first] = errorsFirst(problems);
  if (first === undefined) {
    return { type: 'Valid', status: 'True', reason: 'Valid', message: 'The manifest is valid' };
  }
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = `Line ${first.line}: ${first.message}${more}`;
  return isError(first)
    ? { type: 'Valid', status: 'False', reason: 'Invalid', message }
    : { type: 'Valid', status: 'True', reason: 'ValidWithWarnings', message };
}

function errorsFirst(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((left, right) => Number(isError(right)) - Number(isError(left)));
}
