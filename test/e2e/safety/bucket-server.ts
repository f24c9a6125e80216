import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3 server for keys that no file system holds: with empty parts, or with dots. Lists, reads and deletes. */
export interface BucketServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly objects: Map<string, string>;
}

const modified = new Date('2024-01-01');

export async function startBucket(content: Readonly<Record<string, string>>): Promise<BucketServer> {
  const objects = new Map(Object.entries(content));
  const server = createServer((request, response) => answer(objects, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(objects: Map<string, string>, { url = '', method }: IncomingMessage, response: ServerResponse): void {
  // Not by URL alone, which would resolve the dots of a path.
  const [path = '', query = ''] = url.split('?');
  const key = decodeURIComponent(path.replace(/^\/[^/]*\/?/, ''));
  if (key === '') {
    response.setHeader('content-type', 'application/xml');
    response.end(listing(objects, new URLSearchParams(query)));
    return;
  }
  const found = objects.get(key);
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (method === 'DELETE') {
    objects.delete(key);
    response.writeHead(204).end();
    return;
  }
  response.setHeader('last-modified', modified.toUTCString());
  response.setHeader('content-length', found.length);
  response.end(method === 'HEAD' ? undefined : found);
}

function listing(objects: ReadonlyMap<string, string>, query: URLSearchParams): string {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const end = (key: string) => (delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length));
  const contents = keys
    .filter((key) => end(key) === -1)
    .map((key) => {
      const size = objects.get(key)?.length;
      return `<Contents><Key>${key}</Key><LastModified>${modified.toISOString()}</LastModified><Size>${size}</Size></Contents>`;
    });
  const folders = new Set(keys.filter((key) => end(key) !== -1).map((key) => key.slice(0, end(key) + 1)));
  const prefixes = [...folders].map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${[...contents, ...prefixes].join('')}</ListBucketResult>`;
}
