import type { Plan } from '../model/plan.ts';
import { unreachable } from '../model/result.ts';
import { planDocument } from '../plan/plan-document.ts';
import { renderMarkdown } from '../plan/render-markdown.ts';
import { type RenderOptions, renderPlan, summaryLine } from '../plan/render-plan.ts';
import { manifestPath, planAnnotations } from '../report/annotation.ts';
import { renderGithub } from '../report/github.ts';
import { renderJunit } from '../report/junit.ts';
import { renderProblems } from '../report/problems.ts';
import { renderSarif } from '../report/sarif.ts';
import { deliver } from './deliver.ts';
import type { Output } from './output.ts';
import { repositoryPaths } from './repository-paths.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

export interface PlanOutputOptions {
  readonly output: Output;
  /** The tasks directory as the user named it. */
  readonly tasksName: string;
  /** List the unchanged tasks too, where text is printed. */
  readonly verbose: boolean;
  readonly isApplied: boolean;
}

/** Shows a plan in every format that was asked for; says whether each file could be written. */
export async function printPlan(
  plan: Plan,
  { output, tasksName, verbose, isApplied }: PlanOutputOptions,
  shell: Shell,
): Promise<boolean> {
  const inRepository = await repositoryPaths(tasksName, shell);
  const directory = inRepository(tasksName);
  const located: Plan = {
    ...plan,
    problems: plan.problems.map((problem) => ({ ...problem, file: inRepository(problem.file) })),
  };
  const annotations = planAnnotations(located, directory);
  return deliver(
    output,
    (format, { color }) => {
      switch (format) {
        case 'text':
          return textOf(plan, { color, verbose, isApplied });
        case 'json':
          return JSON.stringify(planDocument(plan), null, 2);
        case 'markdown':
          return renderMarkdown(located, { directory });
        case 'github':
          return [...renderGithub(annotations, 'cloudsync plan'), summaryLine(plan.summary)].join('\n');
        case 'sarif':
          return JSON.stringify(renderSarif(annotations, { version: version() }), null, 2);
        case 'junit':
          return renderJunit(manifestsOf(plan, directory), annotations, {
            name: 'cloudsync plan',
          });
        default:
          return unreachable(format);
      }
    },
    shell,
  );
}

function manifestsOf({ changes }: Plan, directory: string): readonly string[] {
  return changes.map(({ path }) => manifestPath(directory, path));
}

/** For a terminal. Ends with a newline. */
export function textOf(plan: Plan, options: RenderOptions): string {
  const problems = plan.problems.length === 0 ? '' : `${renderProblems(plan.problems, options)}\n\n`;
  return `${problems}${renderPlan(plan, options)}`;
}
