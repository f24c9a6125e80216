import { stringify } from 'yaml';
import type { Provider, ProviderOption } from '../model/provider.ts';
import type { Direction, TransferMode } from '../model/task.ts';

export interface NewCredential {
  readonly name: string;
  readonly provider: Provider;
  /** Path of the schema as seen from the manifest; `null`: there is none. */
  readonly schema: string | null;
}

export interface NewTask {
  readonly name: string;
  readonly schema: string | null;
  /** Name of the credential, and the provider that it is for. */
  readonly credential: string;
  readonly provider: Pick<Provider, 'buckets' | 'folderPrefix'>;
  readonly direction: Direction;
  readonly transferMode: TransferMode;
  /** `null` for these two: something to be replaced. */
  readonly path: string | null;
  readonly bucket: string | null;
  /** `null`: named like the task. */
  readonly folder: string | null;
  /** `null`: it runs when asked. */
  readonly schedule: string | null;
}

/** What a value is marked with that only shows the form. */
export const placeholderMark = '# replace';

const widest = 118;

/** A valid manifest with every option that is needed; secrets are references to variables of the environment. */
export function newCredential({ name, provider, schema }: NewCredential): string {
  const entries = Object.entries(provider.options);
  const usual = provider.usual ?? [];
  const isWritten = ([option, { required }]: (typeof entries)[number]) => required === true || usual.includes(option);
  const others = entries.filter((entry) => !isWritten(entry)).map(([option]) => option);
  const options = [
    ...entries.filter(isWritten).flatMap(([option, facts]) => [...comment(facts.description, 4), line(option, facts)]),
    ...(others.length === 0 ? [] : comment(`Further options: ${others.join(', ')}`, 4)),
  ];
  return [
    ...head('CloudCredential', name, schema, aboutOf(provider)),
    `  provider: ${scalar(provider.name)}`,
    `  options:${options.every((each) => each.trimStart().startsWith('#')) ? ' {}' : ''}`,
    ...options,
    '',
  ].join('\n');

  function line(option: string, { secret, examples: [example] }: ProviderOption): string {
    if (secret === true || example === undefined) return `    ${option}: { fromEnv: ${variable(name, option)} }`;
    return `    ${option}: ${scalar(example)} ${placeholderMark}`;
  }
}

/** A valid manifest of a task, with what people add most in comments. */
export function newTask(task: NewTask): string {
  const { name, schedule, provider } = task;
  const bucket = task.bucket ?? (provider.buckets ? name : null);
  const hasPlaceholders = task.path === null || (bucket !== null && task.bucket === null);
  const mark = (given: string | null) => (given === null ? ` ${placeholderMark}` : '');
  return [
    ...head('CloudSyncTask', name, task.schema, null),
    '  # description: A few words on what it is for',
    ...comment('PUSH sends path to the remote, PULL fetches the folder of the remote into path.', 2),
    `  direction: ${task.direction}`,
    ...comment(
      'COPY deletes nothing. SYNC deletes at the destination what the source does not have. MOVE deletes at the source what was copied.',
      2,
    ),
    `  transferMode: ${task.transferMode}`,
    `  path: ${scalar(task.path ?? `/path/to/${name}`)}${mark(task.path)}`,
    '  remote:',
    `    credential: ${scalar(task.credential)}`,
    ...(bucket === null ? [] : [`    bucket: ${scalar(bucket)}${mark(task.bucket)}`]),
    `    folder: ${scalar(task.folder ?? `${provider.folderPrefix ?? ''}${name}`)}`,
    ...(schedule === null
      ? [
          `  # Without a schedule it runs when asked: cloudsync run ${name}`,
          '  # schedule: { cron: "0 2 * * *", timeZone: Europe/Berlin, jitter: 10m }',
        ]
      : [`  schedule: ${JSON.stringify(schedule)}`]),
    ...(schedule !== null && hasPlaceholders ? ['  enabled: false # true when nothing is left to replace'] : []),
    '  # exclude: ["*.tmp", "/cache/**"]',
    '  # bandwidthLimit: ["08:00,512", "18:00,10M", "23:00,off"]',
    `  # encryption: { password: { fromEnv: ${variable(name, 'crypt_password')} } }`,
    '  # safety: { maxDelete: 10%, backupFolder: .trash }',
    '  # timeout: 6h',
    '',
  ].join('\n');
}

function head(kind: string, name: string, schema: string | null, about: string | null): readonly string[] {
  return [
    ...(schema === null ? [] : [`# yaml-language-server: $schema=${schema}`]),
    ...(about === null ? [] : comment(about, 0)),
    'apiVersion: cloudsync/v1',
    `kind: ${kind}`,
    'metadata:',
    `  name: ${scalar(name)}`,
    'spec:',
  ];
}

function aboutOf({ title, description, notes }: Provider): string {
  return [...(description.startsWith(title) ? [] : [`${title}.`]), description, ...notes].join(' ');
}

/** Wrapped, because descriptions are sentences. */
function comment(text: string, indent: number): readonly string[] {
  const start = `${' '.repeat(indent)}#`;
  let line = start;
  const full: string[] = [];
  for (const word of text.split(/\s+/)) {
    const longer = `${line} ${word}`;
    if (line !== start && longer.length > widest) {
      full.push(line);
      line = `${start} ${word}`;
    } else line = longer;
  }
  return [...full, line];
}

/** `NAS_PASS` for the option `pass` of `nas`. */
function variable(name: string, option: string): string {
  return `${name}_${option}`
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_');
}

/** On one line, and quoted where it would otherwise be read as something else. */
export function scalar(value: string | number | boolean): string {
  const written = stringify(value, { lineWidth: 0 }).trimEnd();
  return written.includes('\n') ? JSON.stringify(value) : written;
}
