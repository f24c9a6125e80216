import { problemCodes } from '../model/problem.ts';
import type { Annotation } from './annotation.ts';
import { sanitizeLine } from './sanitize.ts';

/** GitHub shows ten of each severity and step, and hides the others without a word. */
const most = 10;
const longest = 4000;

/** Workflow commands that put each annotation at its line of a pull request; `more` says what shows them all. */
export function renderGithub(annotations: readonly Annotation[], more: string): readonly string[] {
  const told = withoutEcho(annotations);
  if (told.length <= most) return told.map(command);
  const [next] = told.slice(most - 1);
  const left = told.length - (most - 1);
  return [
    ...told.slice(0, most - 1).map(command),
    `::${next?.severity} title=Cloudsync::${data(`${left} more like this; "${more}" shows them all`)}`,
  ];
}

/** A guard says the same about each of the tasks that it holds back; once is enough. */
function withoutEcho(annotations: readonly Annotation[]): readonly Annotation[] {
  const said = new Set<string>();
  return annotations.filter(({ code, message }) => {
    if (code in problemCodes) return true;
    const key = `${code} ${message}`;
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}

function command({ severity, code, file, line, column, message, hint }: Annotation): string {
  const place = [`file=${property(file)}`, `line=${line}`, `col=${column}`, `endLine=${line}`, `title=${code}`];
  const text = hint === null ? data(message) : `${data(message)}%0A${data(hint)}`;
  return `::${severity} ${place.join(',')}::${text}`;
}

/** One line: whatever begins another one could be a command of its own. */
function data(text: string): string {
  return sanitizeLine(text.slice(0, longest)).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
