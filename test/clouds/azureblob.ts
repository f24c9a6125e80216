import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bucketFiles } from './bucket-files.ts';
import type { CloudKind } from './cloud.ts';
import { startAzurite } from './fakes/azureblob.ts';
import { packageVersion } from './versions.ts';

const execute = promisify(execFile);
const { CLOUDSYNC_RCLONE = 'rclone', PATH = '' } = process.env;
const bucket = 'family-files';
/** With account and key rclone 1.60 puts the account in front of the host's name, where only Azure itself has it. */
export const azureblob: CloudKind = {
  name: 'azureblob',
  provider: 'azureblob',
  server: { name: 'Azurite', version: packageVersion('azurite') },
  async open() {
    const azurite = await startAzurite();
    const { endpoint = '' } = azurite.options;
    const env = {
      ...{ PATH, RCLONE_CONFIG: '', RCLONE_CONFIG_FAR_TYPE: 'azureblob', RCLONE_CONFIG_FAR_ENDPOINT: endpoint },
      RCLONE_CONFIG_FAR_USE_EMULATOR: 'true',
    };
    const copy = (source: string, destination: string) =>
      execute(CLOUDSYNC_RCLONE, ['copy', source, destination], { env });
    return {
      credential: { provider: 'azureblob', options: { use_emulator: true, endpoint } },
      ...{ remote: { bucket }, environment: {}, secrets: [], traffic: null },
      ...bucketFiles(bucket, copy),
      [Symbol.asyncDispose]: () => azurite.close(),
    };
  },
};
