import type { CheckedFile, CheckRecord, CheckVerdict } from '../model/check.ts';
import { formatDuration } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { paint, type Style } from './style.ts';

const verdictStyles: Readonly<Record<CheckVerdict, Style>> = {
  Equal: 'green',
  EqualWithWarnings: 'yellow',
  SizesEqual: 'yellow',
  Different: 'yellow',
  Failed: 'red',
  Stopped: 'yellow',
};

const symbols: Readonly<Record<CheckedFile['found'], string>> = {
  differing: '*',
  missing: '+',
  extra: '-',
  error: '!',
  passedOver: '?',
};
const words: Readonly<Record<CheckedFile['found'], string>> = {
  differing: 'differs',
  missing: 'missing at the destination',
  extra: 'extra at the destination',
  error: 'cannot be read',
  passedOver: 'passed over by rclone',
};

/** What a check found, in several lines for a person: the files first, then the sum. */
export function renderCheck(check: CheckRecord, { color }: { readonly color: boolean }): string {
  const { counts, files } = check;
  const { differing, missing, extra, errors, passedOver } = counts;
  const others = differing + missing + extra + errors + passedOver - files.length;
  return [
    ...files.map(fileLine),
    ...(others > 0 ? [`… and ${others} more`] : []),
    `${check.task}: ${checkSentence(check, color)}`,
  ].join('\n');
}

function fileLine({ found, path, detail }: CheckedFile): string {
  const line = `${symbols[found]} ${sanitizeLine(path)}: ${words[found]}`;
  return detail === undefined ? line : `${line} (${sanitizeLine(detail)})`;
}

/** The same in one line, without the files. */
export function checkSentence({ verdict, message, startedAt, finishedAt }: CheckRecord, color: boolean): string {
  const how = paint(verdict, verdictStyles[verdict], color);
  return `${how} in ${formatDuration(finishedAt - startedAt)}: ${sanitizeLine(message)}`;
}

/** A check for programs: times as RFC 3339. */
export function checkDocument({ startedAt, finishedAt, run, ...rest }: CheckRecord): object {
  return {
    ...rest,
    run: run === null ? null : { id: run.id, outcome: run.outcome, finishedAt: new Date(run.finishedAt).toISOString() },
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
  };
}
