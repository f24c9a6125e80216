import type { Emit } from '../model/event.ts';
import { byPath, type FileChange, isSuccess, type RunRecord } from '../model/run.ts';
import { renderChanges } from '../report/changes.ts';
import { renderEvent } from '../report/event-text.ts';
import { renderProgress, renderRunResult } from '../report/run-line.ts';
import type { PlainFormat } from './output.ts';
import type { Shell } from './shell.ts';

/** Shows one run while it goes on, and what came of it. */
export interface RunWatcher {
  readonly emit: Emit;
  /** What a dry run would change, as far as it has told. */
  changes(): readonly FileChange[];
  show(record: RunRecord, format: PlainFormat): void;
  close(): void;
}

/** More are counted and not named. */
const shownChanges = 50;

export function createRunWatcher({ terminal }: Shell): RunWatcher {
  const changes: FileChange[] = [];
  let dryRun = false;
  return {
    emit(event) {
      if (event.type === 'RunStarted') dryRun = event.dryRun;
      if (event.type === 'RunProgress') terminal.progress(renderProgress(event.progress));
      // Nobody asks a real run for its changes, and there may be millions.
      if (event.type === 'RunChange' && dryRun) changes.push(event.change);
      const worthALine = event.type === 'RunLog' || event.type === 'RunQueued';
      const text = worthALine ? renderEvent(event, { color: terminal.color.stderr }) : null;
      if (text !== null) terminal.note(text);
    },
    changes: () => changes.toSorted(byPath),
    show(record, format) {
      if (format === 'json') terminal.print(JSON.stringify(runDocument(record, changes.toSorted(byPath)), null, 2));
      else showText(record);
    },
    close: () => terminal.progress(null),
  };

  function showText(record: RunRecord): void {
    const color = terminal.color.stdout;
    // A dry run that did not come to its end does not know what there is to do; one that was refused may.
    const complete = isSuccess(record.outcome) || (record.outcome === 'Blocked' && changes.length > 0);
    if (record.dryRun && complete) {
      terminal.print(`${renderChanges(changes.toSorted(byPath), { limit: shownChanges, color })}\n`);
    }
    terminal.print(renderRunResult(record, { color }));
  }
}

/** A run for programs: times as RFC 3339, and for a dry run what it would change. */
export function runDocument(record: RunRecord, changes: readonly FileChange[]): object {
  const { scheduledFor, startedAt, finishedAt, ...rest } = record;
  return {
    ...rest,
    scheduledFor: scheduledFor === null ? null : new Date(scheduledFor).toISOString(),
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    ...(record.dryRun ? { changes } : {}),
  };
}
