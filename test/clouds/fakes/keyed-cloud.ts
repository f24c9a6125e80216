import type { FakeCloud, OAuthSettings } from './fake-cloud.ts';
import { startNetwork } from './network.ts';
import { type CloudResponse, type Handler, traffic } from './traffic.ts';

export interface KeyedDefinition extends Pick<FakeCloud, 'type' | 'options' | 'files' | 'put'> {
  /** By host name; each looks at keys and passwords itself. */
  readonly hosts: Readonly<Record<string, Handler>>;
  /** What the cloud says with an error status. */
  readonly failure: (status: number) => CloudResponse;
}

/** A cloud behind the proxy whose users sign in with a key or a password. */
export async function startKeyedCloud(
  { hosts, failure, ...definition }: KeyedDefinition,
  { network: shared }: Pick<OAuthSettings, 'network'> = {},
): Promise<FakeCloud> {
  const network = shared ?? (await startNetwork());
  const flow = traffic(failure);
  for (const [host, handler] of Object.entries(hosts)) {
    network.serve(host, (request) => flow.answer(request, handler));
  }
  async function close(): Promise<void> {
    flow.release();
    if (shared === undefined) await network[Symbol.asyncDispose]();
  }
  return {
    ...definition,
    ...{ requests: flow.requests, fail: flow.fail, hold: flow.hold },
    ...{ tokens: null, environment: network.environment, close, [Symbol.asyncDispose]: close },
  };
}
