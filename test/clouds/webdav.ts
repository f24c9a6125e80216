import { readTree, writeOldTree, writeTree } from '../helper/file-tree.ts';
import type { CloudKind } from './cloud.ts';
import { serveByRclone } from './server.ts';
import { rcloneVersion } from './versions.ts';

const password = 'CANARY-webdav password & more';

export const webdav: CloudKind = {
  name: 'webdav, password by fromEnv',
  provider: 'webdav',
  server: { name: 'rclone serve webdav', version: rcloneVersion },
  async open(directory) {
    const root = directory.at('served');
    await writeTree(root, {});
    const server = await serveByRclone(
      ['webdav', root],
      { HOME: directory.path, RCLONE_USER: 'alice', RCLONE_PASS: password },
      /Server started on \[?(http:\/\/[^\s\]]+)/,
    );
    return {
      credential: {
        provider: 'webdav',
        options: { url: server.address, vendor: 'other', user: 'alice', pass: { fromEnv: 'WEBDAV_PASSWORD' } },
      },
      remote: {},
      environment: { WEBDAV_PASSWORD: password },
      secrets: [password],
      traffic: null,
      read: (folder) => readTree(`${root}/${folder}`),
      write: (folder, files) => writeOldTree(`${root}/${folder}`, files),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
