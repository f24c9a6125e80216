import { setTimeout as pause } from 'node:timers/promises';
import type { Pass } from '../daemon/control-client.ts';
import { systemClock } from '../model/clock.ts';
import type { Change } from '../model/plan.ts';
import { ok, type Result } from '../model/result.ts';
import { listed } from '../model/wording.ts';
import type { Shell } from './shell.ts';

/**
 * Repeats a pass until none of its deletions waits for a second look. Gives the plan of the first pass, which is what
 * was asked for, and what the last one could not record.
 */
export async function untilConfirmed(
  pass: () => Promise<Result<Pass, string>>,
  { terminal }: Shell,
): Promise<Result<Pass, string>> {
  const first = await pass();
  if (!first.ok || first.value.confirmAt === null) return first;
  const doomed = deletedIn(first.value);
  const waiting = [...doomed, ...takenOverIn(first.value)];
  const manifests = waiting.length === 1 ? 'manifest' : 'manifests';
  const whose = waiting.length === 0 ? '' : ` of ${listed(waiting, mostNamed)}`;
  terminal.note(`Looking again in a moment, to be sure that the ${manifests}${whose} stay gone…`);
  let last = first.value;
  while (last.confirmAt !== null) {
    await pause(Math.max(0, last.confirmAt - systemClock.now()));
    const next = await pass();
    if (!next.ok) return next;
    last = next.value;
  }
  const present = new Set(last.plan.changes.filter(({ after }) => after !== null).map(({ name }) => name));
  const back = doomed.filter((name) => present.has(name));
  if (back.length > 0) terminal.note(`Back, and not deleted: ${listed(back, mostNamed)}`);
  return ok({ ...first.value, failure: last.failure, confirmAt: null });
}

function deletedIn({ plan }: Pass): readonly string[] {
  return plan.changes.flatMap(({ name, action }) => (action === 'delete' && name !== null ? [name] : []));
}

function takenOverIn({ plan }: Pass): readonly string[] {
  const isTakenOver = ({ effects }: Change) => effects.some(({ code }) => code === 'NameTakenOver');
  return plan.changes.flatMap((change) => (isTakenOver(change) && change.name !== null ? [change.name] : []));
}

const mostNamed = 5;
