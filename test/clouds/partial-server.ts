import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that lists files and does not show some of them. */
export interface PartialServer extends AsyncDisposable {
  readonly url: string;
  /** Contents by path. */
  readonly files: Map<string, string>;
  /** Paths that are listed and not shown, with the status in place of them, such as `503 Service Unavailable`. */
  readonly refused: Map<string, string>;
}

const modified = 'Thu, 01 Jan 2026 00:00:00 GMT';

/** A web server with an index for each folder. */
export function startPartialHttp(): Promise<PartialServer> {
  return start(({ files, refused }, path, { method }, response) => {
    const status = refused.get(path);
    const content = files.get(path);
    if (status !== undefined) return end(response, Number.parseInt(status, 10));
    if (content !== undefined) {
      response.setHeader('Last-Modified', modified);
      response.setHeader('Content-Length', Buffer.byteLength(content));
      return end(response, 200, method === 'HEAD' ? '' : content);
    }
    response.setHeader('Content-Type', 'text/html');
    const links = entriesOf(files, path).map((name) => `<a href="${encodeURI(name)}">${name}</a>`);
    return end(response, 200, method === 'HEAD' ? '' : `<html><body>${links.join('\n')}</body></html>`);
  });
}

/** A WebDAV server that can be read and deleted from. */
export function startPartialWebdav(): Promise<PartialServer> {
  return start(({ files, refused }, path, { method, headers }, response) => {
    const content = files.get(path);
    if (method === 'DELETE') return end(response, files.delete(path) ? 204 : 404);
    if (method === 'GET' || method === 'HEAD') {
      return end(response, content === undefined ? 404 : 200, method === 'HEAD' ? '' : content);
    }
    if (method !== 'PROPFIND') return end(response, 405);
    if (content !== undefined) return multistatus(response, [item(path, content, refused.get(path))]);
    const entries = headers['depth'] === '0' ? [] : entriesOf(files, path);
    return multistatus(response, [
      item(path === '' ? '' : `${path}/`, null, undefined),
      ...entries.map((name) => {
        const whole = path === '' ? name : `${path}/${name}`;
        return item(whole, files.get(whole) ?? null, refused.get(whole.replace(/\/$/, '')));
      }),
    ]);
  });
}

type Answer = (
  held: Pick<PartialServer, 'files' | 'refused'>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

async function start(answer: Answer): Promise<PartialServer> {
  const held = { files: new Map<string, string>(), refused: new Map<string, string>() };
  const server = createServer((request, response) => {
    const path = decodeURI(request.url ?? '').replace(/^\/|\/$/g, '');
    request.resume();
    answer(held, path, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    files: held.files,
    refused: held.refused,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Names in a folder; those of folders end with a slash. */
function entriesOf(files: ReadonlyMap<string, string>, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return [...new Set(below.map((path) => (path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path)))];
}

function item(path: string, content: string | null, status = '200 OK'): string {
  const kind = content === null ? '<resourcetype><collection/></resourcetype>' : '<resourcetype/>';
  const size = content === null ? '' : `<getcontentlength>${Buffer.byteLength(content)}</getcontentlength>`;
  const properties = `${kind}${size}<getlastmodified>${modified}</getlastmodified>`;
  const state = `<status>HTTP/1.1 ${status}</status>`;
  return `<response><href>/${encodeURI(path)}</href><propstat><prop>${properties}</prop>${state}</propstat></response>`;
}

function multistatus(response: ServerResponse, items: readonly string[]): void {
  response.setHeader('Content-Type', 'application/xml');
  end(response, 207, `<?xml version="1.0"?><multistatus xmlns="DAV:">${items.join('')}</multistatus>`);
}

function end(response: ServerResponse, status: number, body = ''): void {
  response.writeHead(status);
  response.end(body);
}
