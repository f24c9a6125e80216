import { type Network, startNetwork } from './network.ts';
import { accountTokens, defaultTokenPolicy, type TokenPolicy, type Tokens } from './tokens.ts';
import { type CloudResponse, type Handler, json, type Traffic, traffic } from './traffic.ts';

/** A stand-in for one account at one cloud, good enough for the real rclone. */
export interface FakeCloud extends Traffic, AsyncDisposable {
  /** The backend's name in rclone. */
  readonly type: string;
  /** rclone's options for this account, as they are written in a credential: passwords are not obscured. */
  readonly options: Readonly<Record<string, string>>;
  /** Of an OAuth cloud: `tokens.json()` is the option `token`, which is not among `options`. */
  readonly tokens: Tokens | null;
  /** What rclone's process needs to reach the fake; nothing where the fake listens on loopback. */
  environment(): Record<string, string>;
  /** Every file by its path, without a leading slash; a bucket or container is the first part. */
  files(): ReadonlyMap<string, Buffer>;
  /** Stores a file as if by another client, with the folders above it. */
  put(path: string, content: string | Buffer): void;
  close(): Promise<void>;
}

export interface OAuthCloud extends FakeCloud {
  readonly tokens: Tokens;
}

/** Where a fake runs: by itself, or beside others behind one proxy, which is then not closed with it. */
export interface OAuthSettings extends Partial<TokenPolicy> {
  readonly network?: Network;
}

export interface OAuthDefinition extends Pick<FakeCloud, 'type' | 'options' | 'files' | 'put'> {
  readonly tokenUrls: readonly string[];
  /** By host name; asked only with a valid access token. */
  readonly hosts: Readonly<Record<string, Handler>>;
  /** Hosts whose addresses carry their own permission, such as upload sessions and download links. */
  readonly signedHosts?: Readonly<Record<string, Handler>>;
  /** What the cloud says with an error status; a plain JSON object if left out. */
  readonly failure?: (status: number) => CloudResponse;
}

export async function startOAuthCloud(definition: OAuthDefinition, settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const { network: shared, ...policy } = settings;
  const network = shared ?? (await startNetwork());
  const failure = definition.failure ?? plainFailure;
  const flow = traffic(failure);
  const tokens = accountTokens({ ...defaultTokenPolicy, ...policy });

  const authorized = (handler: Handler): Handler => {
    return (request) => (tokens.accepts(request) ? handler(request) : failure(401));
  };
  const handlers = new Map<string, Handler>([
    ...Object.entries(definition.hosts).map(([host, handler]) => [host, authorized(handler)] as const),
    ...Object.entries(definition.signedHosts ?? {}),
  ]);
  const serve = (host: string): void => {
    network.serve(host, (request) => {
      const renews = definition.tokenUrls.includes(`${request.url.origin}${request.url.pathname}`);
      return flow.answer(request, renews ? tokens.renew : (handlers.get(host) ?? (() => failure(404))));
    });
  };
  for (const host of new Set([...handlers.keys(), ...definition.tokenUrls.map((url) => new URL(url).hostname)])) {
    serve(host);
  }

  async function close(): Promise<void> {
    flow.release();
    if (shared === undefined) await network[Symbol.asyncDispose]();
  }
  return {
    ...{ type: definition.type, options: definition.options, files: definition.files, put: definition.put },
    ...{ requests: flow.requests, fail: flow.fail, hold: flow.hold },
    tokens,
    environment: network.environment,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function plainFailure(status: number): CloudResponse {
  return json({ error: { code: status, message: `Injected failure ${status}` } }, status);
}
