import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Event } from '../model/event.ts';
import { answer, linesOver } from './control-answer.ts';
import type { Call } from './control-routes.ts';

const maxWaitingBytes = 4 * 1024 * 1024;

/** Every event from now on, or those of one task, a line of JSON each. */
export async function answerEvents({ handlers, parameters, response }: Call): Promise<void> {
  const task = parameters.get('task');
  const lines = linesOver(response, maxWaitingBytes);
  lines.begin();
  const { leave, ended } = handlers.events((event) => {
    if (task !== null && !('task' in event && event.task === task)) return;
    if (lines.flowing || event.type !== 'RunProgress') lines.write({ time: new Date().toISOString(), ...told(event) });
  });
  response.on('close', leave);
  await ended;
  leave();
  lines.end();
}

/** Of ten thousand tasks, those that stay as they are are no news. */
function told(event: Event): Event {
  if (event.type !== 'Reconciled' && event.type !== 'DriftFound') return event;
  const { plan } = event;
  return { ...event, plan: { ...plan, changes: plan.changes.filter(({ action }) => action !== 'unchanged') } };
}

/** The log of a run, read no faster than it is taken. */
export async function answerLog({ handlers, name, parameters, response }: Call): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  const wanted = { task: name, runId: parameters.get('run'), follow: parameters.get('follow') === 'true' };
  const lines = await handlers.readLog(wanted, controller.signal);
  if (!lines.ok) return answer(response, 404, { error: lines.error });
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  // Who leaves early is gone, and no failure.
  await pipeline(Readable.from(withEnds(lines.value)), response).catch(() => undefined);
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
