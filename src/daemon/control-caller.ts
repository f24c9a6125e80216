import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { err, ok, type Result } from '../model/result.ts';
import { connectPath } from '../state/owner.ts';

export interface Answer {
  readonly status: number;
  /** Empty when the lines went to a listener. */
  readonly body: string;
}

/** The signal breaks the connection. */
export type Caller = (
  method: string,
  path: string,
  onLine?: (line: string) => void,
  signal?: AbortSignal,
) => Promise<Result<Answer, string>>;

/** Calls the process that holds a state directory. */
export function callerOf(stateDirectory: string): Caller {
  return (method, path, onLine, signal) =>
    new Promise((resolve) => {
      const socket = connectPath(stateDirectory);
      const failed = (error: Error) => resolve(err(`cannot reach the daemon: ${error.message}`));
      const outgoing = request({ socketPath: socket.path, method, path, ...(signal && { signal }) }, (incoming) => {
        const status = incoming.statusCode ?? 0;
        const lines: string[] = [];
        const reader = createInterface({ input: incoming });
        reader.on('line', (line) => (onLine !== undefined && status === 200 ? onLine(line) : lines.push(line)));
        reader.on('close', () => resolve(ok({ status, body: lines.join('\n') })));
        // The connection broke: the reader passes it on, and would throw it where nobody listens.
        reader.on('error', failed);
      });
      outgoing.on('error', failed);
      outgoing.on('close', socket.close);
      outgoing.end();
    });
}

export function errorOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && 'error' in parsed ? String(parsed.error) : body;
}
