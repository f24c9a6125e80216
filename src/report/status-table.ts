import type { CredentialStatus, StatusFile, TaskStatus } from '../model/status.ts';
import { formatRelative } from './format.ts';
import { renderProgress } from './run-line.ts';
import { sanitizeLine } from './sanitize.ts';
import { healthStyles, outcomeStyles, syncStyles } from './state-style.ts';
import { type Cell, renderTable, type TableOptions } from './table.ts';

/** All tasks, and below them the credentials that have something to say. */
export function renderStatusTable(
  files: readonly StatusFile[],
  { now, ...options }: TableOptions & { readonly now: number },
): string {
  const tasks = files.flatMap((file) => ('schedule' in file.status ? [taskRow(file, file.status, now)] : []));
  const credentials = files.flatMap((file) =>
    'schedule' in file.status || isQuiet(file.status) ? [] : [credentialRow(file, file.status)],
  );
  const tables = [
    tasks.length === 0 ? 'No tasks.' : renderTable(titled(taskTitles), tasks, options),
    ...(credentials.length === 0 ? [] : [renderTable(titled(credentialTitles), credentials, options)]),
  ];
  return tables.join('\n\n');
}

const taskTitles = ['NAME', 'SYNC', 'HEALTH', 'LAST RUN', 'NEXT', 'MESSAGE'];
const credentialTitles = ['CREDENTIAL', 'SYNC', 'HEALTH', 'MESSAGE'];

function titled(titles: readonly string[]) {
  return titles.map((title) => ({ title }));
}

function taskRow(file: StatusFile, status: TaskStatus, now: number): readonly Cell[] {
  return [nameOf(file), ...states(status), lastRun(status, now), nextRun(status, now), messageOf(status)];
}

function credentialRow(file: StatusFile, status: CredentialStatus): readonly Cell[] {
  return [nameOf(file), ...states(status), messageOf(status)];
}

function isQuiet({ health, problems }: CredentialStatus): boolean {
  return problems.length === 0 && (health === 'Healthy' || health === 'Unknown');
}

function nameOf({ metadata }: StatusFile): string {
  return sanitizeLine(metadata.name ?? metadata.manifest);
}

function states({ sync, health }: TaskStatus | CredentialStatus): readonly Cell[] {
  return [
    { text: sync, style: syncStyles[sync] },
    { text: health, style: healthStyles[health] },
  ];
}

function lastRun({ lastRun: run }: TaskStatus, now: number): Cell {
  if (run === null) return '-';
  const text = `${sanitizeLine(run.outcome)}, ${formatRelative(Date.parse(run.finishedAt), now)}`;
  return { text, style: outcomeStyles[run.outcome] };
}

function nextRun({ activeRun, schedule }: TaskStatus, now: number): string {
  if (activeRun !== null) return 'running';
  return schedule.next === null ? '-' : formatRelative(Date.parse(schedule.next), now);
}

/** The one thing to know first: what needs somebody, then what is wrong, then what goes on. */
function messageOf(status: TaskStatus | CredentialStatus): string {
  const { conditions, problems } = status;
  const wrong =
    conditions.find(({ type, status: is }) => type === 'Stalled' && is === 'True') ??
    conditions.find(({ type, status: is }) => type === 'Overdue' && is === 'True') ??
    conditions.find(({ type, status: is }) => (type === 'LastRunSucceeded' || type === 'Ready') && is === 'False') ??
    conditions.find(({ type, status: is }) => type === 'Reconciling' && is === 'True') ??
    conditions.find(({ reason }) => reason === 'ScheduleKept') ??
    (status.sync === 'OutOfSync' ? conditions.find(({ type }) => type === 'Ready') : undefined) ??
    conditions.find(({ type, status: is }) => type === 'Verified' && is === 'False');
  const progress = 'activeRun' in status ? (status.activeRun?.progress ?? null) : null;
  if (progress !== null) return renderProgress(progress);
  const warning = problems[0] === undefined ? '' : `Line ${problems[0].line}: ${problems[0].message}`;
  return sanitizeLine(wrong?.message ?? warning);
}
