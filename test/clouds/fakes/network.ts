import { type CompletedRequest, generateCACertificate, getLocal } from 'mockttp';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { type CloudResponse, type Handler, json } from './traffic.ts';

/** An internet of fakes: a proxy that ends TLS for every host with a certificate of its own authority. */
export interface Network extends AsyncDisposable {
  /** What makes rclone talk to the fakes, without a flag. Loopback addresses are never sent through a proxy by Go. */
  environment(): Record<string, string>;
  /** A later handler of the same host takes its place. */
  serve(host: string, handler: Handler): void;
}

export async function startNetwork(): Promise<Network> {
  const directory = await temporaryDirectory();
  const { cert, key } = await authority();
  const certificateFile = await directory.write('authority.pem', cert);
  const hosts = new Map<string, Handler>();
  const server = getLocal({ https: { cert, key }, recordTraffic: false });
  await server.start();
  await server
    .forAnyRequest()
    .always()
    .thenCallback(async (request) => callbackResponse(await dispatch(request)));

  async function dispatch(request: CompletedRequest): Promise<CloudResponse> {
    const url = new URL(request.url);
    const handler = hosts.get(url.hostname);
    // Not 404, which rclone takes for an empty place, and not 5xx, which it tries again.
    if (handler === undefined) return json({ error: `No fake serves ${url.hostname}` }, 421);
    return await handler({
      method: request.method,
      url,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body: (await request.body.getDecodedBuffer()) ?? Buffer.alloc(0),
    });
  }

  return {
    environment: () => ({ HTTPS_PROXY: `http://127.0.0.1:${server.port}`, SSL_CERT_FILE: certificateFile }),
    serve: (host, handler) => {
      hosts.set(host, handler);
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
}

let authorityOnce: ReturnType<typeof generateCACertificate> | undefined;

/** Once per process: a key takes a while. */
function authority(): ReturnType<typeof generateCACertificate> {
  authorityOnce ??= generateCACertificate();
  return authorityOnce;
}

function callbackResponse({ status, headers, body }: CloudResponse) {
  return { statusCode: status, headers: { ...headers }, rawBody: Buffer.from(body ?? '') };
}
