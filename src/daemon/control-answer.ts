import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Result } from '../model/result.ts';
import type { Refusal } from './route.ts';

export function answer(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  if (!response.headersSent) response.writeHead(status, headers);
  response.end(text);
}

export function refuse(response: ServerResponse, { status, error, headers = {} }: Refusal): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  answer(response, status, { error });
}

/** An error is a sentence: what was asked for is not to be had. */
export function answerResult(response: ServerResponse, result: Result<object, string>): void {
  if (result.ok) answer(response, 200, result.value);
  else answer(response, 422, { error: result.error });
}

/** An answer of many lines, each a document of JSON, as they come. */
export interface Lines {
  /** Whether the reader keeps up. What will soon be out of date need not be written when it does not. */
  readonly flowing: boolean;
  /** Breaks the connection where too much waits for its reader. */
  write(line: object): void;
  end(): void;
}

/** The headers go out with the first line, or at `begin`: until then another answer can be given. */
export function linesOver(response: ServerResponse, maxWaitingBytes: number): Lines & { begin(): void } {
  function begin(): void {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
  }
  return {
    begin,
    get flowing() {
      return !response.writableNeedDrain;
    },
    write(line) {
      if (response.destroyed) return;
      begin();
      // Judged before, so that no single line is too long.
      if (response.writableLength > maxWaitingBytes) response.destroy();
      else response.write(`${JSON.stringify(line)}\n`);
    },
    end: () => void response.end(),
  };
}

/** What is not HTTP, or too large for its head, is told so as everything else is. */
export function refuseMalformed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable) return void socket.destroy();
    const [status, words] = malformed[error.code ?? ''] ?? ['400 Bad Request', 'This is not a request in HTTP/1.1'];
    const body = `${JSON.stringify({ error: words })}\n`;
    const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
    socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`);
  });
}

const malformed: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The head of the request is too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time'],
};
