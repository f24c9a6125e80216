import { resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

export type PlainFormat = 'text' | 'json';

const reportFormats = ['text', 'json', 'markdown', 'github', 'sarif', 'junit'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Where the result goes, and in which formats. */
export interface Output<Format extends string = ReportFormat> {
  /** What standard output gets. */
  readonly printed: Format | 'text';
  readonly files: readonly OutputFile<Format>[];
}

interface OutputFile<Format extends string> {
  readonly format: Format | 'json';
  /** As it was given, for messages. */
  readonly name: string;
  readonly path: string;
}

/** What a command takes for `--output`. */
export interface OutputChoices<Format extends string = ReportFormat> {
  readonly formats: readonly Format[];
  /** Whether `FORMAT=FILE` is taken. */
  readonly files: boolean;
  /** Whether a name that ends in `.json` is a file to save the plan in. */
  readonly savedPlan: boolean;
}

export const plainChoices: OutputChoices<PlainFormat> = { formats: ['text', 'json'], files: false, savedPlan: false };

/** For commands whose result goes to reviewers and to the machinery of a CI, too. */
export const reportChoices: OutputChoices = { formats: reportFormats, files: true, savedPlan: false };

export const reportHelp = `
-o prints ${reportFormats.join(', ').replace(/, (\w+)$/, ' or $1')}; -o FORMAT=FILE writes a file beside, and may be given again.`;

/** Reads the values of `--output`. `source` is how they were given, `directory` what names of files are relative to. */
export function parseOutput<Format extends string>(
  values: readonly string[],
  choices: OutputChoices<Format>,
  { source, directory }: { readonly source: string; readonly directory: string },
): Output<Format> {
  const fail = (message: string) => new UsageError(`${source} ${message}`);
  const printed = new Set<Format>();
  const files = new Map<string, OutputFile<Format>>();
  for (const value of values) {
    const part = partOf(value, choices);
    if (part === null) throw fail(`must be ${choicesText(choices)}, not ${value}${savingHint(value, choices)}`);
    if (part.name === null) {
      printed.add(part.format);
      continue;
    }
    const { format, name } = part;
    if (name === '') throw fail(`names no file after ${value}`);
    const path = resolve(directory, name);
    if (files.has(path)) throw fail(`names ${name} twice`);
    files.set(path, { format, name, path });
  }
  const [first = 'text', second] = printed;
  if (second !== undefined) {
    const wayOut = choices.files ? `; write the other to a file: ${second}=FILE` : '';
    throw fail(`asks for ${first} and ${second}, and only one can be printed${wayOut}`);
  }
  return { printed: first, files: [...files.values()] };
}

type Part<Format extends string> =
  | { readonly format: Format; readonly name: null }
  | { readonly format: Format | 'json'; readonly name: string };

/** One value; `null` when this command does not take it. */
function partOf<Format extends string>(value: string, choices: OutputChoices<Format>): Part<Format> | null {
  const { formats, files, savedPlan } = choices;
  const printed = formats.find((format) => format === value);
  if (printed !== undefined) return { format: printed, name: null };
  const written = formats.find((format) => value.startsWith(`${format}=`));
  if (files && written !== undefined) return { format: written, name: value.slice(written.length + 1) };
  return savedPlan && value.endsWith('.json') ? { format: 'json', name: value } : null;
}

function choicesText({ formats, files, savedPlan }: OutputChoices<string>): string {
  const [last, ...others] = [
    ...formats,
    ...(files ? ['FORMAT=FILE'] : []),
    ...(savedPlan ? ['a file *.json to save the plan in'] : []),
  ].reverse();
  return `${others.reverse().join(', ')} or ${last}`;
}

function savingHint(value: string, { files }: OutputChoices<string>): string {
  return files && /^[^=]+\.json$/.test(value) ? `; to write JSON to a file: json=${value}` : '';
}
