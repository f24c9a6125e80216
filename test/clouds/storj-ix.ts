import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { CloudKind } from './cloud.ts';
import { startNetwork } from './fakes/network.ts';
import { type CloudRequest, type CloudResponse, traffic } from './fakes/traffic.ts';
import { openS3Place, s3Keys, s3Server } from './s3-place.ts';

/** The address is fixed, so that name leads to an S3 server on this machine, by TLS as far as the proxy. */
export const storjIx: CloudKind = {
  name: 'storj-ix',
  provider: 'storj-ix',
  server: { name: `${s3Server.name} as gateway.storjshare.io`, version: s3Server.version },
  async open(directory) {
    const { server, ...place } = await openS3Place(directory);
    const network = await startNetwork();
    const flow = traffic((status) => ({ status }));
    network.serve('gateway.storjshare.io', (asked) => flow.answer(asked, (each) => forward(each, server.address)));
    return {
      credential: {
        provider: 'storj-ix',
        options: {
          access_key_id: { fromEnv: 'STORJ_ACCESS_KEY' },
          secret_access_key: { fromEnv: 'STORJ_SECRET_KEY' },
        },
      },
      ...place,
      environment: { ...network.environment(), STORJ_ACCESS_KEY: s3Keys.access, STORJ_SECRET_KEY: s3Keys.secret },
      ...{ secrets: [s3Keys.secret], traffic: flow },
      async [Symbol.asyncDispose]() {
        flow.release();
        await network[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

function forward({ method, url, headers, body }: CloudRequest, origin: string): Promise<CloudResponse> {
  const target = new URL(`${url.pathname}${url.search}`, origin);
  return new Promise((resolve, reject) => {
    const asking = request(target, { method, headers }, (answer) => {
      buffer(answer).then((content) => {
        const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(told), body: content });
      }, reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
