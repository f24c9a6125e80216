import type { CloudRequest } from './traffic.ts';

export interface Part {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The parts of a `multipart/form-data` or `multipart/related` body, in order. */
export function multipartParts({ headers, body }: CloudRequest): readonly Part[] {
  const [, , boundary = ''] = /boundary=("?)([^";]+)\1/.exec(headers['content-type'] ?? '') ?? [];
  const parts: Part[] = [];
  for (let start = body.indexOf(`--${boundary}\r\n`); start >= 0; ) {
    const end = body.indexOf(`\r\n--${boundary}`, start);
    if (end < 0) break;
    const content = body.indexOf('\r\n\r\n', start);
    const lines = body.toString('utf8', start, content).split('\r\n').slice(1);
    parts.push({ headers: Object.fromEntries(lines.map(headerOf)), body: body.subarray(content + 4, end) });
    start = end + 2;
  }
  return parts;
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
