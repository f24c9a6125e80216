import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3 server that holds these keys, each with its own name as content, and takes nothing. */
export async function listedS3(keys: readonly string[]): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const key = decodeURIComponent(url.pathname.slice(1)).split('/').slice(1).join('/');
    if (key === '') {
      const prefix = url.searchParams.get('prefix') ?? '';
      const delimiter = url.searchParams.get('delimiter') ?? '';
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(listing(keys, prefix, delimiter));
      return;
    }
    if (!keys.includes(key)) {
      response.writeHead(404).end();
      return;
    }
    const headers = { 'content-length': Buffer.byteLength(key), 'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT' };
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : key);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listing(keys: readonly string[], prefix: string, delimiter: string): string {
  const inside = keys.filter((key) => key.startsWith(prefix));
  const end = (key: string) => (delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length));
  const contents = inside
    .filter((key) => end(key) < 0)
    .map(
      (key) =>
        `<Contents><Key>${key}</Key><Size>${Buffer.byteLength(key)}</Size>` +
        '<LastModified>2026-01-02T03:04:05.000Z</LastModified><StorageClass>STANDARD</StorageClass></Contents>',
    );
  const folders = [...new Set(inside.filter((key) => end(key) >= 0).map((key) => key.slice(0, end(key) + 1)))];
  const prefixes = folders.map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`);
  return (
    '<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>' +
    `<Prefix>${prefix}</Prefix>${contents.join('')}${prefixes.join('')}</ListBucketResult>`
  );
}
