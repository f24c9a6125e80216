import { isError, type Problem } from '../model/problem.ts';
import { code, fitting, marker, maxLength } from './markdown.ts';

/** What is wrong in a directory of manifests, for a comment on a pull request. `file` is relative to the repository. */
export function renderProblemMarkdown(
  problems: readonly Problem[],
  { directory, summary }: { readonly directory: string; readonly summary: string },
): string {
  const head = [
    marker('cloudsync-validate', directory),
    `<h3>Cloudsync manifests in ${code(directory)}</h3>`,
    '',
    `${problems.some(isError) ? '❌' : '✅'} ${summary}`,
  ].join('\n');
  return `${[head, ...problemTable(problems, maxLength - head.length)].join('\n\n')}\n`;
}

/** Errors first; as many rows as there is room for. Nothing without problems. */
export function problemTable(problems: readonly Problem[], room: number): readonly string[] {
  if (problems.length === 0) return [];
  const sorted = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  const { kept, left } = fitting(sorted.map(row), room - 300);
  const table = ['<table>', '<tr><th>Problem</th><th>Where</th><th>What</th></tr>', ...kept, '</table>'].join('\n');
  return [table, ...(left === 0 ? [] : [`… and ${left} more; \`cloudsync validate\` shows them all.`])];
}

function row({ code: problemCode, severity, file, line, column, message, hint }: Problem): string {
  const label = `${severity === 'error' ? '❌' : '⚠️'} ${severity} ${problemCode}`;
  const way = hint === null ? '' : `<br>hint: ${code(hint)}`;
  return `<tr><td>${label}</td><td>${code(`${file}:${line}:${column}`)}</td><td>${code(message)}${way}</td></tr>`;
}
