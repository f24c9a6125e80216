import { systemClock } from '../model/clock.ts';
import type { Emit, Event } from '../model/event.ts';
import { isNews } from '../model/plan.ts';
import { renderPlan } from '../plan/render-plan.ts';
import { createLogger } from '../report/logger.ts';
import { renderProblems } from '../report/problems.ts';
import { renderProgress } from '../report/run-line.ts';
import type { Shell } from './shell.ts';

/** Where no line can be rewritten, progress is a line now and then. */
const progressIntervalMs = 5000;

/** Writes the daemon's log to standard error; as text with the plans and the progress that a person wants to see. */
export async function daemonPrinter(shell: Shell, format: 'text' | 'json'): Promise<Emit> {
  const { terminal } = shell;
  const log = await createLogger({
    ...{ format, level: format === 'json' ? 'info' : 'debug', clock: systemClock, color: terminal.color.stderr },
    stream: { write: (text) => terminal.note(text) },
  });
  if (format === 'json') return log;
  const watch = createProgressWatch(shell);
  /** When a task runs next is worth a line once it has run, and not each time that it is computed. */
  const next = new Map<string, Event>();
  return (event) => {
    watch(event);
    if (event.type === 'Scheduled') next.set(event.task, event);
    else log(event);
    if (event.type === 'Reconciled' || event.type === 'DriftFound') showPlan(event, shell);
    const scheduled = event.type === 'RunFinished' ? next.get(event.task) : undefined;
    if (scheduled !== undefined) log(scheduled);
  };
}

function showPlan({ type, plan }: Extract<Event, { type: 'Reconciled' | 'DriftFound' }>, { terminal }: Shell): void {
  const color = terminal.color.stderr;
  if (plan.problems.length > 0) terminal.note(`\n${renderProblems(plan.problems, { color })}\n\n`);
  if (!plan.changes.some(isNews)) return;
  terminal.note(renderPlan(plan, { color, verbose: false, isApplied: type === 'Reconciled' }));
}

/** Follows the progress of all runs in flight; the line shows the one that was heard of last. */
function createProgressWatch({ terminal }: Shell): Emit {
  const written = new Map<string, number>();
  return (event) => {
    if (event.type === 'RunFinished') {
      written.delete(event.runId);
      terminal.progress(null);
    }
    if (event.type !== 'RunProgress') return;
    const text = `${event.task}: ${renderProgress(event.progress)}`;
    terminal.progress(text);
    const now = systemClock.now();
    const last = written.get(event.runId);
    written.set(event.runId, last ?? now);
    if (terminal.rewritable || last === undefined || now - last < progressIntervalMs) return;
    written.set(event.runId, now);
    terminal.note(text);
  };
}
