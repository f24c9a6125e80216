import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import type { Cloud, CloudKind } from './cloud.ts';
import { startNetwork } from './fakes/network.ts';
import { type CloudRequest, type CloudResponse, traffic } from './fakes/traffic.ts';
import { openS3Place, s3Keys, s3Server } from './s3-place.ts';

const keys = { S3_ACCESS_KEY: s3Keys.access, S3_SECRET_KEY: s3Keys.secret };
const references = { access_key_id: { fromEnv: 'S3_ACCESS_KEY' }, secret_access_key: { fromEnv: 'S3_SECRET_KEY' } };

/** The address is fixed, so that name leads to an S3 server on this machine, by TLS as far as the proxy. */
export const storjIx: CloudKind = {
  name: 'storj-ix',
  provider: 'storj-ix',
  server: { name: `${s3Server.name} as gateway.storjshare.io`, version: s3Server.version },
  open: (directory) => open(directory, 'gateway.storjshare.io', { provider: 'storj-ix', options: references }),
};

/** S3 that tells what it was asked. */
export const s3ByTls: CloudKind = {
  name: 's3, by TLS',
  provider: 's3',
  server: s3Server,
  open: (directory) =>
    open(directory, 's3.example.com', {
      provider: 's3',
      options: { provider: 'Other', endpoint: 'https://s3.example.com', ...references },
    }),
};

async function open(directory: TemporaryDirectory, host: string, credential: Cloud['credential']): Promise<Cloud> {
  const { server, ...place } = await openS3Place(directory);
  const network = await startNetwork();
  const flow = traffic((status) => ({ status }));
  network.serve(host, (asked) => flow.answer(asked, (each) => forward(each, server.address)));
  return {
    ...{ ...place, credential, environment: { ...network.environment(), ...keys } },
    ...{ secrets: [s3Keys.secret], traffic: flow },
    async [Symbol.asyncDispose]() {
      flow.release();
      await network[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** With its own name as the host: s3rver takes another for a bucket. It looks at the key of a signature only. */
function forward({ method, url, headers, body }: CloudRequest, origin: string): Promise<CloudResponse> {
  const target = new URL(`${url.pathname}${url.search}`, origin);
  return new Promise((resolve, reject) => {
    const asking = request(target, { method, headers: { ...headers, host: target.host } }, (answer) => {
      buffer(answer).then((content) => {
        const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(told), body: content });
      }, reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
