import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FakeCloud } from './fake-cloud.ts';
import { type CloudRequest, type CloudResponse, type Handler, traffic } from './traffic.ts';

export interface HttpDefinition extends Pick<FakeCloud, 'type' | 'files' | 'put'> {
  /** Told where the server listens, such as `http://127.0.0.1:12345`. */
  readonly options: (origin: string) => Readonly<Record<string, string>>;
  readonly handler: Handler;
}

/** A cloud with an address of its own on loopback, without TLS, a proxy or OAuth. */
export async function startHttpCloud({ type, files, put, options, handler }: HttpDefinition): Promise<FakeCloud> {
  const flow = traffic((status) => ({ status, body: `Injected failure ${status}` }));
  let origin = '';
  const server = createServer((incoming, outgoing) => {
    void received(incoming, origin)
      .then((request) => flow.answer(request, handler))
      .then((response) => respond(outgoing, incoming.method ?? '', response))
      .catch((error) => outgoing.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Internal error: no port to listen on');
  origin = `http://127.0.0.1:${address.port}`;

  async function close(): Promise<void> {
    flow.release();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
  return {
    ...{ type, files, put, requests: flow.requests, fail: flow.fail, hold: flow.hold },
    options: options(origin),
    tokens: null,
    environment: () => ({}),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function received(incoming: IncomingMessage, origin: string): Promise<CloudRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', origin),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks),
  };
}

function respond(outgoing: ServerResponse, method: string, { status, headers, body }: CloudResponse): void {
  const content = Buffer.from(body ?? '');
  // The answer to HEAD tells the length of what it leaves out; 204 has none.
  outgoing.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': content.length }) });
  outgoing.end(method === 'HEAD' || status === 204 ? undefined : content);
}
