import { isError, type Problem } from '../model/problem.ts';
import { unreachable } from '../model/result.ts';
import { renderProblemMarkdown } from '../plan/problem-markdown.ts';
import { problemAnnotations } from '../report/annotation.ts';
import { renderGithub } from '../report/github.ts';
import { renderJunit } from '../report/junit.ts';
import { renderProblemCount, renderProblems } from '../report/problems.ts';
import { renderSarif } from '../report/sarif.ts';
import { deliver } from './deliver.ts';
import type { Output } from './output.ts';
import { repositoryPaths } from './repository-paths.ts';
import type { Shell } from './shell.ts';
import { version } from './version.ts';

export interface Validation {
  /** Where manifests were looked for first, as the user named it. */
  readonly directory: string;
  /** The manifests that were looked at, as the user would name them. */
  readonly manifests: readonly string[];
  readonly problems: readonly Problem[];
}

/** Shows what is wrong in every format that was asked for; says whether each file could be written. */
export async function printProblems(validation: Validation, output: Output, shell: Shell): Promise<boolean> {
  const { directory, manifests, problems } = validation;
  const inRepository = await repositoryPaths(directory, shell);
  const located = problems.map((problem) => ({ ...problem, file: inRepository(problem.file) }));
  const annotations = problemAnnotations(located);
  const summary = renderProblemCount(problems, manifests.length);
  return deliver(
    output,
    (format, { color }) => {
      switch (format) {
        case 'text':
          return problems.length === 0 ? summary : `${renderProblems(problems, { color })}\n\n${summary}`;
        case 'json':
          return JSON.stringify(documentOf(validation), null, 2);
        case 'markdown':
          return renderProblemMarkdown(located, { directory: inRepository(directory), summary });
        case 'github':
          return [...renderGithub(annotations, 'cloudsync validate'), summary].join('\n');
        case 'sarif':
          return JSON.stringify(renderSarif(annotations, { version: version() }), null, 2);
        case 'junit':
          return renderJunit(manifests.map(inRepository), annotations, { name: 'cloudsync validate' });
        default:
          return unreachable(format);
      }
    },
    shell,
  );
}

/** The frame is for eyes; a program has the place. */
function documentOf({ problems, manifests }: Validation): object {
  const places = problems.map(({ frame: _, ...problem }) => problem);
  return { valid: !problems.some(isError), files: manifests.length, problems: places };
}
