import { readTree, writeTree } from '../helper/file-tree.ts';
import type { CloudKind } from './cloud.ts';
import { serveByRclone } from './server.ts';
import { rcloneVersion } from './versions.ts';

const authorization = `Basic ${Buffer.from('alice:CANARY-http-password').toString('base64')}`;

export const http: CloudKind = {
  name: 'http',
  provider: 'http',
  server: { name: 'rclone serve http', version: rcloneVersion },
  async open(directory) {
    const root = directory.at('served');
    await writeTree(root, {});
    const server = await serveByRclone(
      ['http', root],
      { HOME: directory.path, RCLONE_USER: 'alice', RCLONE_PASS: 'CANARY-http-password' },
      /(http:\/\/127\.0\.0\.1:\d+)/,
    );
    return {
      credential: { provider: 'http', options: { url: `${server.address}/`, headers: { fromEnv: 'HTTP_HEADERS' } } },
      remote: {},
      environment: { HTTP_HEADERS: `Authorization,${authorization}` },
      ...{ secrets: ['CANARY-http-password', authorization], traffic: null },
      read: (folder) => readTree(`${root}/${folder}`),
      write: (folder, files) => writeTree(`${root}/${folder}`, files),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
