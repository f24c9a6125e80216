import { isError, type Problem } from '../model/problem.ts';
import { unreachable } from '../model/result.ts';
import { renderProblemCount, renderProblems } from '../report/problems.ts';
import { deliver } from './deliver.ts';
import type { Output } from './output.ts';
import type { Shell } from './shell.ts';

export interface Validation {
  readonly problems: readonly Problem[];
  /** How many manifests were looked at. */
  readonly files: number;
}

/** Shows what is wrong in every format that was asked for; says whether each file could be written. */
export function printProblems(validation: Validation, output: Output, shell: Shell): Promise<boolean> {
  return deliver(
    output,
    (format, { color }) => {
      switch (format) {
        case 'text':
          return textOf(validation, color);
        case 'json':
          return JSON.stringify(documentOf(validation), null, 2);
        default:
          return unreachable(format);
      }
    },
    shell,
  );
}

function textOf({ problems, files }: Validation, color: boolean): string {
  const list = problems.length === 0 ? '' : `${renderProblems(problems, { color })}\n\n`;
  return `${list}${renderProblemCount(problems, files)}`;
}

/** The frame is for eyes; a program has the place. */
function documentOf({ problems, files }: Validation): object {
  const places = problems.map(({ frame: _, ...problem }) => problem);
  return { valid: !problems.some(isError), files, problems: places };
}
