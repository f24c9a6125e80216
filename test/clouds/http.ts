import { readTree, writeTree } from '../helper/file-tree.ts';
import type { CloudKind } from './cloud.ts';
import { freePort, startServer, untilAnswers } from './server.ts';
import { rcloneVersion } from './versions.ts';

const { CLOUDSYNC_RCLONE = 'rclone' } = process.env;
const authorization = `Basic ${Buffer.from('alice:CANARY-http-password').toString('base64')}`;

export const http: CloudKind = {
  name: 'http',
  provider: 'http',
  server: { name: 'rclone serve http', version: rcloneVersion },
  async open(directory) {
    const root = directory.at('served');
    await writeTree(root, {});
    const port = await freePort();
    // Debian's 1.60 does not say where it listens, so the port is chosen here.
    const server = await startServer(
      [CLOUDSYNC_RCLONE, 'serve', 'http', root, '--addr', `127.0.0.1:${port}`, '-v'],
      { HOME: directory.path, RCLONE_USER: 'alice', RCLONE_PASS: 'CANARY-http-password' },
      /as (authenticated) user/,
    );
    await untilAnswers(port);
    return {
      credential: {
        provider: 'http',
        options: { url: `http://127.0.0.1:${port}/`, headers: { fromEnv: 'HTTP_HEADERS' } },
      },
      remote: {},
      environment: { HTTP_HEADERS: `Authorization,${authorization}` },
      ...{ secrets: ['CANARY-http-password', authorization], traffic: null },
      read: (folder) => readTree(`${root}/${folder}`),
      write: (folder, files) => writeTree(`${root}/${folder}`, files),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
