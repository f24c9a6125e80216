import { stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import type { Settings } from '../daemon/settings.ts';
import { unreachable } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import { compileFilters } from '../rclone/filter-compiler.ts';
import { type FilterOrigin, filterList } from '../rclone/filter-rule.ts';
import { type FilterVerdict, judgePath } from '../rclone/filter-verdict.ts';
import { sanitizeLine } from '../report/sanitize.ts';
import { readManifests } from './desired-task.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { explainLimits, type LimitExplanation } from './explain-limits.ts';
import type { PlainFormat } from './output.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';

/** Says of each path whether the task would take it, and which entry of the manifest decides. */
export async function explainFilters(
  order: {
    readonly name: string;
    readonly paths: readonly string[];
    readonly settings: Settings;
    readonly format: PlainFormat;
  },
  shell: Shell,
): Promise<ExitCode> {
  const { name, settings, format } = order;
  const paths = order.paths.map(relativePath);
  const task = await readManifests(settings, shell, name);
  if (!task.ok) {
    shell.terminal.note(`cloudsync: ${task.error}`);
    return exitCodes.failed;
  }
  const { spec } = task.value.task;
  const { root, selection } = await localRoot(spec);
  const filters = await compileFilters(settings.rclone, filterList(spec, selection), shell.environment);
  if (!filters.ok) {
    shell.terminal.note(`cloudsync: ${filters.error}`);
    return exitCodes.failed;
  }
  const verdicts = await Promise.all(
    paths.map((path) => withLimits(judgePath(path, filters.value), { spec, root, now: Date.now() })),
  );
  if (format === 'json') {
    shell.terminal.print(JSON.stringify({ task: name, root, paths: verdicts.map(documentOf) }, null, 2));
    return exitCodes.done;
  }
  const width = Math.max(...verdicts.map(({ path }) => sanitizeLine(path).length));
  for (const verdict of verdicts) shell.terminal.print(lineOf(verdict, width));
  return exitCodes.done;
}

/** What becomes of a path, by the filters and then by the limits for age and size, which are about files only. */
interface Explained extends FilterVerdict {
  readonly limit: LimitExplanation | null;
}

interface Explaining {
  readonly spec: TaskSpec;
  readonly root: string;
  readonly now: number;
}

async function withLimits(verdict: FilterVerdict, { spec, root, now }: Explaining): Promise<Explained> {
  const { path, result } = verdict;
  const limit = result === 'included' && !path.endsWith('/') ? await explainLimits(spec, join(root, path), now) : null;
  return { ...verdict, result: limit === null || limit.field === null ? result : 'excluded', limit };
}

/** People write paths as they see them; rclone sees them from the root of the sync. */
function relativePath(written: string): string {
  const path = posix.normalize(`./${written}`);
  if (path === './' || path === '.' || path.startsWith('..')) {
    throw new UsageError(`--explain-filters takes paths inside the task's directory, not ${JSON.stringify(written)}`);
  }
  return path;
}

/** A file, or a list of paths, is a selection of the directory that holds it. */
async function localRoot({ paths }: TaskSpec): Promise<{ root: string; selection: readonly string[] | null }> {
  const [first = ''] = paths;
  const isFile = (await stat(first).catch(() => null))?.isFile() === true;
  if (paths.length === 1 && !isFile) return { root: first, selection: null };
  return { root: dirname(first), selection: paths.map((path) => basename(path)) };
}

const signs: Readonly<Record<FilterVerdict['result'], string>> = { included: '+', excluded: '-', unknown: '?' };

function lineOf(verdict: Explained, width: number): string {
  return `${signs[verdict.result]} ${sanitizeLine(verdict.path).padEnd(width)}   ${sanitizeLine(reasonOf(verdict))}`;
}

/** Such as `excluded by exclude[0] "*.tmp"`. */
function reasonOf({ result, rule, hiddenBy, limit }: Explained): string {
  if (limit !== null && limit.field !== null) return `excluded${limit.text}`;
  const why = rule === null ? ': no rule speaks of it' : originText(rule.origin, result);
  if (result === 'unknown') return `cannot be told here; it is decided${why}, which only rclone understands`;
  return hiddenBy === null
    ? `${result}${why}${limit?.text ?? ''}`
    : `excluded: its folder ${hiddenBy} is not entered, excluded${why}`;
}

function originText(origin: FilterOrigin, result: FilterVerdict['result']): string {
  switch (origin.field) {
    case 'exclude':
    case 'include':
      return ` by ${origin.field}[${origin.index}] ${JSON.stringify(origin.pattern)}`;
    case 'path':
      return result === 'included' ? ': it is in spec.path' : ': it is not in spec.path';
    case 'safety':
      return ' by spec.safety, as its backup folder or marker';
    case 'snapshots':
      return ': folders in which a file system shows its snapshots are always left out';
    case 'rest':
      return ': no include matches it';
    default:
      return unreachable(origin);
  }
}

interface VerdictDocument {
  readonly path: string;
  readonly result: FilterVerdict['result'];
  /** What of the manifest decides; `null`: nothing does. */
  readonly field: FilterOrigin['field'] | LimitExplanation['field'];
  readonly index: number | null;
  readonly pattern: string | null;
  readonly hiddenBy: string | null;
  readonly message: string;
}

function documentOf(verdict: Explained): VerdictDocument {
  const { path, result, rule, hiddenBy, limit } = verdict;
  const message = reasonOf(verdict);
  if (limit !== null && limit.field !== null) {
    return { path, result, field: limit.field, index: null, pattern: null, hiddenBy, message };
  }
  const entry = rule !== null && 'index' in rule.origin ? rule.origin : { index: null, pattern: null };
  const { index, pattern } = entry;
  return { path, result, field: rule?.origin.field ?? null, index, pattern, hiddenBy, message };
}
