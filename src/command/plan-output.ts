import type { Plan } from '../model/plan.ts';
import { unreachable } from '../model/result.ts';
import { planDocument } from '../plan/plan-document.ts';
import { renderPlan } from '../plan/render-plan.ts';
import { renderProblems } from '../report/problems.ts';
import { deliver } from './deliver.ts';
import type { Output } from './output.ts';
import type { Shell } from './shell.ts';

export interface PlanOutputOptions {
  readonly output: Output;
  /** List the unchanged tasks too, where text is printed. */
  readonly verbose: boolean;
}

/** Shows a plan in every format that was asked for; says whether each file could be written. */
export function printPlan(plan: Plan, { output, verbose }: PlanOutputOptions, shell: Shell): Promise<boolean> {
  return deliver(
    output,
    (format, { color }) => {
      switch (format) {
        case 'text':
          return textOf(plan, { color, verbose });
        case 'json':
          return JSON.stringify(planDocument(plan), null, 2);
        default:
          return unreachable(format);
      }
    },
    shell,
  );
}

function textOf(plan: Plan, options: { readonly color: boolean; readonly verbose: boolean }): string {
  const problems = plan.problems.length === 0 ? '' : `${renderProblems(plan.problems, options)}\n\n`;
  return `${problems}${renderPlan(plan, options)}`;
}
