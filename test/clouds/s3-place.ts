import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import { bucketFiles } from './bucket-files.ts';
import type { Cloud } from './cloud.ts';
import { type Server, startServer } from './server.ts';
import { packageVersion } from './versions.ts';

const execute = promisify(execFile);
const program = fileURLToPath(new URL('s3-server.mjs', import.meta.url));
const { CLOUDSYNC_RCLONE = 'rclone', PATH = '' } = process.env;

export const s3Keys = { access: 'CANARYS3ACCESSKEY', secret: 'CANARY-s3/secret+key' } as const;
const bucket = 'family-files';

export const s3Server = { name: 's3rver', version: packageVersion('s3rver') } as const;

/** An S3 server with one bucket. */
export async function openS3Place(
  directory: TemporaryDirectory,
): Promise<Pick<Cloud, 'remote' | 'read' | 'write'> & { readonly server: Server }> {
  const server = await startServer(
    [process.execPath, program, directory.at('buckets'), bucket],
    { S3_ACCESS_KEY: s3Keys.access, S3_SECRET_KEY: s3Keys.secret },
    /listening on (\S+)/,
  );
  const copy = copyBy(server.address);
  return {
    server,
    remote: { bucket },
    ...bucketFiles(bucket, copy),
  };
}

/** The server's files have names of its own, so they are reached by rclone without Cloudsync. */
function copyBy(endpoint: string): (source: string, destination: string) => Promise<unknown> {
  const env = {
    ...{ PATH, RCLONE_CONFIG: '', RCLONE_CONFIG_FAR_TYPE: 's3', RCLONE_CONFIG_FAR_PROVIDER: 'Other' },
    ...{ RCLONE_CONFIG_FAR_ENDPOINT: endpoint, RCLONE_CONFIG_FAR_FORCE_PATH_STYLE: 'true' },
    ...{ RCLONE_CONFIG_FAR_ACCESS_KEY_ID: s3Keys.access, RCLONE_CONFIG_FAR_SECRET_ACCESS_KEY: s3Keys.secret },
  };
  return (source, destination) => execute(CLOUDSYNC_RCLONE, ['copy', source, destination], { env });
}
