import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import type { CloudKind } from './cloud.ts';
import { startServer } from './server.ts';

const execute = promisify(execFile);
const program = fileURLToPath(new URL('s3-server.mjs', import.meta.url));
const { CLOUDSYNC_RCLONE = 'rclone', PATH = '' } = process.env;

const accessKey = 'CANARYS3ACCESSKEY';
const secretKey = 'CANARY-s3/secret+key';
const bucket = 'family-files';

export const s3: CloudKind = {
  name: 's3, keys by fromEnv and fromFile',
  async open(directory) {
    const secretFile = await directory.write('s3-secret', secretKey);
    const keys = { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey };
    const server = await startServer(
      [process.execPath, program, directory.at('buckets'), bucket],
      keys,
      /listening on (\S+)/,
    );
    const copy = copyBy(server.address);
    return {
      credential: {
        provider: 's3',
        options: {
          ...{ provider: 'Other', endpoint: server.address, force_path_style: true },
          access_key_id: { fromEnv: 'S3_ACCESS_KEY' },
          secret_access_key: { fromFile: secretFile },
        },
      },
      remote: { bucket },
      environment: { S3_ACCESS_KEY: accessKey },
      secrets: [secretKey],
      async read(folder) {
        await using local = await temporaryDirectory();
        await copy(`far:${bucket}/${folder}`, local.path);
        return await readTree(local.path);
      },
      async write(folder, files) {
        await using local = await temporaryDirectory();
        await writeTree(local.path, files);
        await copy(local.path, `far:${bucket}/${folder}`);
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

/** The server's files have names of its own, so they are reached by rclone without Cloudsync. */
function copyBy(endpoint: string): (source: string, destination: string) => Promise<unknown> {
  const env = {
    ...{ PATH, RCLONE_CONFIG: '', RCLONE_CONFIG_FAR_TYPE: 's3', RCLONE_CONFIG_FAR_PROVIDER: 'Other' },
    ...{ RCLONE_CONFIG_FAR_ENDPOINT: endpoint, RCLONE_CONFIG_FAR_FORCE_PATH_STYLE: 'true' },
    ...{ RCLONE_CONFIG_FAR_ACCESS_KEY_ID: accessKey, RCLONE_CONFIG_FAR_SECRET_ACCESS_KEY: secretKey },
  };
  return (source, destination) => execute(CLOUDSYNC_RCLONE, ['copy', source, destination], { env });
}
