import type { ServerResponse } from 'node:http';
import type { CheckOrder } from '../model/check.ts';
import type { Emit } from '../model/event.ts';
import type { RestoreOrder } from '../model/restore.ts';
import type { Result } from '../model/result.ts';
import { answerResult, linesOver } from './control-answer.ts';
import type { Call } from './control-routes.ts';

export function answerRestore({ handlers, name, parameters, response }: Call): Promise<void> {
  const order = orderOf(parameters);
  return whileWanted(response, async (listener, signal) => {
    const read = await handlers.refresh();
    return read.ok ? handlers.errands.restore(name, order, listener, signal) : read;
  });
}

export function answerCheck({ handlers, name, parameters, response }: Call): Promise<void> {
  const order = checkOrderOf(parameters);
  return whileWanted(response, async (listener, signal) => {
    const read = await handlers.refresh();
    return read.ok ? handlers.errands.check(name, order, listener, signal) : read;
  });
}

export function answerBackups({ handlers, name, response }: Call): Promise<void> {
  return whileWanted(response, async (_, signal) => {
    const read = await handlers.refresh();
    return read.ok ? handlers.errands.backups(name, signal) : read;
  });
}

/** The other way round as in `orderOf`. */
export function orderParameters({ directory, backup, include, intoExisting, dryRun }: RestoreOrder): URLSearchParams {
  const parameters = new URLSearchParams({
    to: directory,
    intoExisting: String(intoExisting),
    dryRun: String(dryRun),
  });
  if (backup !== null) parameters.set('at', backup);
  for (const pattern of include) parameters.append('include', pattern);
  return parameters;
}

function orderOf(parameters: URLSearchParams): RestoreOrder {
  return {
    directory: parameters.get('to') ?? '',
    backup: parameters.get('at'),
    include: parameters.getAll('include'),
    intoExisting: parameters.get('intoExisting') === 'true',
    dryRun: parameters.get('dryRun') === 'true',
  };
}

/** The other way round as in `checkOrderOf`. */
export function checkParameters({ download, sample }: CheckOrder): URLSearchParams {
  const parameters = new URLSearchParams({ download: String(download) });
  if (sample !== null) parameters.set('sample', String(sample));
  return parameters;
}

function checkOrderOf(parameters: URLSearchParams): CheckOrder {
  const sample = parameters.get('sample');
  return { download: parameters.get('download') === 'true', sample: sample === null ? null : Number(sample) };
}

const maxWaitingBytes = 64 * 1024 * 1024;

/**
 * What takes its time answers with a line of JSON for each event, and in the last with what came of it. Nobody but its
 * caller wants an errand, so it ends when the caller goes.
 */
async function whileWanted(
  response: ServerResponse,
  act: (listener: Emit, signal: AbortSignal) => Promise<Result<object, string>>,
): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort('Aborted'));
  const lines = linesOver(response, maxWaitingBytes);
  const result = await act((event) => {
    if (lines.flowing || event.type !== 'RunProgress') lines.write({ event });
  }, controller.signal);
  if (!result.ok && !response.headersSent) return answerResult(response, result);
  if (result.ok) lines.write({ result: result.value });
  lines.end();
}
