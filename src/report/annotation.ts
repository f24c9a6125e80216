import { type Change, type EffectCode, isRefusal, type Plan } from '../model/plan.ts';
import type { Problem, ProblemCode, Severity } from '../model/problem.ts';

/** What the machinery of a CI is told about one place. Lines and columns count from 1. */
export interface Annotation {
  readonly code: ProblemCode | EffectCode;
  readonly severity: Severity;
  /** Relative to the root of the repository, with `/`; absolute where the file is not in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | null;
}

/** Errors before warnings, and each as they came. */
export function problemAnnotations(problems: readonly Problem[]): readonly Annotation[] {
  return errorsFirst(problems.map(({ frame: _, ...annotation }) => annotation));
}

/** What is wrong, what was refused and what is dangerous. The last two concern a manifest as a whole. */
export function planAnnotations(plan: Plan, directory: string): readonly Annotation[] {
  const effects = plan.changes.flatMap((change) => effectAnnotations(change, directory));
  return errorsFirst([...problemAnnotations(plan.problems), ...effects]);
}

/** The path of a manifest whose path in its directory is known. */
export function manifestPath(directory: string, path: string): string {
  return directory === '.' ? path : `${directory}/${path}`;
}

function effectAnnotations({ name, path, effects }: Change, directory: string): readonly Annotation[] {
  const place = { file: manifestPath(directory, path), line: 1, column: 1, hint: null };
  return effects.flatMap((effect): readonly Annotation[] => {
    const { code, danger, message } = effect;
    if (isRefusal(effect)) return [{ ...place, code, severity: 'error', message }];
    return danger ? [{ ...place, code, severity: 'warning', message: `${name}: ${message}` }] : [];
  });
}

function errorsFirst(annotations: readonly Annotation[]): readonly Annotation[] {
  const isError = ({ severity }: Annotation) => severity === 'error';
  return [...annotations.filter(isError), ...annotations.filter((annotation) => !isError(annotation))];
}
