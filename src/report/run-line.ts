import type { Progress, RunRecord } from '../model/run.ts';
import { isSuccess } from '../model/run.ts';
import { plural } from '../model/wording.ts';
import { formatBytes, formatDuration, formatRate } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { outcomeStyles } from './state-style.ts';
import { paint } from './style.ts';

/** `1.2 GiB / 3.4 GiB  35 %  12/40 files  10.1 MiB/s  3m 20s left`. */
export function renderProgress(progress: Progress): string {
  const { bytes, totalBytes, transfers, totalTransfers, checks, deletes, errors, speed, etaSeconds } = progress;
  return [
    `${formatBytes(bytes)} / ${formatBytes(totalBytes)}`,
    ...(totalBytes > 0 ? [`${percentage(bytes, totalBytes)} %`] : []),
    `${transfers}/${totalTransfers} files`,
    // Before there is anything to transfer, the count of compared files shows that something happens.
    ...(totalTransfers === 0 && checks > 0 ? [`${checks} checked`] : []),
    ...(deletes > 0 ? [`${deletes} deleted`] : []),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    formatRate(speed),
    ...(etaSeconds === null ? [] : [`${formatDuration(etaSeconds * 1000)} left`]),
  ].join('  ');
}

/** How a run ended, in several lines for a person. */
export function renderRunResult(record: RunRecord, { color }: { readonly color: boolean }): string {
  const { task, outcome, dryRun, startedAt, finishedAt, stats, lastError, warnings, log } = record;
  const how = paint(outcome, outcomeStyles[outcome], color);
  const counts = [
    `${plural(stats.transfers, 'file')} transferred (${formatBytes(stats.bytes)})`,
    ...(stats.checks > 0 ? [`${stats.checks} checked`] : []),
    ...(stats.deletes > 0 ? [`${stats.deletes} deleted`] : []),
    ...(stats.errors > 0 ? [plural(stats.errors, 'error')] : []),
  ];
  const nothingDone = !isSuccess(outcome) && stats.transfers + stats.checks + stats.deletes + stats.errors === 0;
  return [
    `${task}: ${how} in ${formatDuration(finishedAt - startedAt)}${dryRun ? ' (dry run, nothing was changed)' : ''}`,
    ...(nothingDone || dryRun ? [] : [`  ${counts.join(', ')}`]),
    ...(lastError === null ? [] : [`  ${paint('error:', 'red', color)} ${sanitizeLine(lastError)}`]),
    ...warnings.map((warning) => `  ${paint('warning:', 'yellow', color)} ${sanitizeLine(warning)}`),
    ...(log === null ? [] : [`  ${paint(`log: ${sanitizeLine(log)}`, 'dim', color)}`]),
  ].join('\n');
}

/** The first warning, and how many more there are; `null`: none. */
export function warningLine([first, ...others]: readonly string[]): string | null {
  if (first === undefined) return null;
  return others.length === 0 ? first : `${first} (and ${plural(others.length, 'more warning')})`;
}

/** Rounded down: 100 is only shown when all is there. */
function percentage(bytes: number, totalBytes: number): number {
  return Math.min(100, Math.floor((100 * bytes) / totalBytes));
}
