import type { ServerResponse } from 'node:http';
import type { Emit } from '../model/event.ts';
import type { RestoreOrder } from '../model/restore.ts';
import type { Result } from '../model/result.ts';
import type { Errands } from './errands.ts';

export const errandCalls = ['POST tasks restore', 'POST tasks check', 'GET tasks backups'] as const;
type ErrandCall = (typeof errandCalls)[number];

export function isErrandCall(call: string): call is ErrandCall {
  return errandCalls.some((known) => known === call);
}

/**
 * Restores and checks over the socket. What takes its time answers with a line of JSON for each event, and in the last
 * with what came of it. Nobody but its caller wants an errand, so it ends when the caller goes.
 */
export async function answerErrand(
  call: ErrandCall,
  errands: Errands,
  { task, parameters }: { readonly task: string; readonly parameters: URLSearchParams },
  response: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort('Aborted'));
  const { signal } = controller;
  const listener: Emit = (event) => writeLine(response, { event });
  switch (call) {
    case 'POST tasks restore':
      return end(response, await errands.restore(task, orderOf(parameters), listener, signal));
    case 'POST tasks check':
      return end(response, await errands.check(task, listener, signal));
    case 'GET tasks backups':
      return end(response, await errands.backups(task, signal));
  }
}

/** The other way round as in `orderOf`. */
export function orderParameters({ directory, backup, intoExisting, dryRun }: RestoreOrder): URLSearchParams {
  return new URLSearchParams({
    ...{ to: directory, intoExisting: String(intoExisting), dryRun: String(dryRun) },
    ...(backup === null ? {} : { at: backup }),
  });
}

function orderOf(parameters: URLSearchParams): RestoreOrder {
  return {
    directory: parameters.get('to') ?? '',
    backup: parameters.get('at'),
    intoExisting: parameters.get('intoExisting') === 'true',
    dryRun: parameters.get('dryRun') === 'true',
  };
}

function end(response: ServerResponse, result: Result<object, string>): void {
  if (result.ok) writeLine(response, { result: result.value });
  else if (!response.headersSent) {
    response.writeHead(422, { 'content-type': 'application/json' });
    response.write(`${JSON.stringify({ error: result.error })}\n`);
  }
  response.end();
}

function writeLine(response: ServerResponse, line: object): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(`${JSON.stringify(line)}\n`);
}
