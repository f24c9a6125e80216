import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3 server in which every request for a bucket is answered by the error that the bucket is named after. */
export interface FailingS3 extends AsyncDisposable {
  readonly endpoint: string;
}

/** `errors` are the HTTP status and S3's code of each; the bucket is the code in lower case. */
export async function failingS3(errors: readonly (readonly [number, string, ...unknown[]])[]): Promise<FailingS3> {
  const server = createServer((request, response) => {
    request.resume();
    const bucket = /^\/([^/?]*)/.exec(request.url ?? '')?.[1];
    const [status, code] = errors.find(([, name]) => name.toLowerCase() === bucket) ?? [404, 'NoSuchBucket'];
    response.writeHead(status, { 'content-type': 'application/xml' });
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
    response.end(request.method === 'HEAD' ? undefined : body);
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
