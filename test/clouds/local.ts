import { readTree, writeTree } from '../helper/file-tree.ts';
import type { CloudKind } from './cloud.ts';

export const local: CloudKind = {
  name: 'local',
  provider: 'local',
  server: { name: 'a directory', version: null },
  async open(directory) {
    return {
      credential: { provider: 'local', options: { root: directory.at('cloud') } },
      ...{ remote: {}, environment: {}, secrets: [], traffic: null },
      read: (folder) => readTree(directory.at('cloud', folder)),
      write: (folder, files) => writeTree(directory.at('cloud', folder), files),
      [Symbol.asyncDispose]: async () => {},
    };
  },
};
