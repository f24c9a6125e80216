import { type ClientRequest, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Clock } from '../model/clock.ts';
import { jsonIn, recordOf } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import { errorCode } from '../model/system-error.ts';
import { connectPath } from '../state/owner.ts';

export interface Answer {
  readonly status: number;
  /** Empty when the lines went to a listener. */
  readonly body: string;
}

/** `silent`: somebody is there, and does not say a word. `denied`: who is there, if anybody, may not be asked. */
export interface CallFailure {
  readonly kind: 'unreachable' | 'silent' | 'denied';
  readonly message: string;
}

/** The signal breaks the connection. */
export type Caller = (
  method: string,
  path: string,
  onLine?: (line: string) => void,
  signal?: AbortSignal,
) => Promise<Result<Answer, CallFailure>>;

/** A process that lives says every two seconds that it works on an answer. */
const patienceMs = 10_000;

/** Calls the process that holds a state directory. Only silence before the answer is bounded: a run may take days. */
export function callerOf(stateDirectory: string, clock: Clock): Caller {
  return (method, path, onLine, signal) =>
    new Promise((resolve) => {
      const socket = connectPath(stateDirectory);
      function failed(error: Error): void {
        const kind = ['EACCES', 'EPERM'].includes(errorCode(error)) ? 'denied' : 'unreachable';
        resolve(err({ kind, message: `cannot reach the daemon: ${error.message}` }));
      }
      const outgoing = request({ socketPath: socket.path, method, path, ...(signal && { signal }) }, (incoming) => {
        const status = incoming.statusCode ?? 0;
        const lines: string[] = [];
        const reader = createInterface({ input: incoming });
        reader.on('line', (line) => {
          if (onLine === undefined || status !== 200) return void lines.push(line);
          try {
            onLine(line);
          } catch (error) {
            // Half a line, the last of a process that ended.
            failed(error instanceof Error ? error : new Error(String(error)));
            outgoing.destroy();
          }
        });
        reader.on('close', () => resolve(ok({ status, body: lines.join('\n') })));
        // The connection broke: the reader passes it on, and would throw it where nobody listens.
        reader.on('error', failed);
      });
      onSilence(outgoing, clock, () => {
        resolve(err({ kind: 'silent', message: 'the daemon does not answer' }));
        outgoing.destroy();
      });
      outgoing.on('error', failed);
      outgoing.on('close', socket.close);
      outgoing.end();
    });
}

/** The document that was asked for, or in words why there is none. */
export function documentIn<T>(answer: Result<Answer, CallFailure>, statuses = [200]): Result<T, string> {
  if (!answer.ok) return err(answer.error.message);
  const { status, body } = answer.value;
  return statuses.includes(status) ? ok(JSON.parse(body) as T) : err(errorOf(body));
}

/** What is no answer of ours is shown as it is. */
export function errorOf(body: string): string {
  const { error = body } = recordOf(jsonIn(body));
  return String(error);
}

function onSilence(outgoing: ClientRequest, clock: Clock, act: () => void): void {
  let end = clock.setTimer(act, patienceMs);
  outgoing.on('information', () => {
    end();
    end = clock.setTimer(act, patienceMs);
  });
  outgoing.on('response', () => end());
  outgoing.on('close', () => end());
}
