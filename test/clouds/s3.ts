import type { CloudKind } from './cloud.ts';
import { openS3Place, s3Keys, s3Server } from './s3-place.ts';

export const s3: CloudKind = {
  name: 's3, keys by fromEnv and fromFile',
  provider: 's3',
  server: s3Server,
  async open(directory) {
    const secretFile = await directory.write('s3-secret', s3Keys.secret);
    const { server, ...place } = await openS3Place(directory);
    return {
      credential: {
        provider: 's3',
        options: {
          ...{ provider: 'Other', endpoint: server.address, force_path_style: true },
          access_key_id: { fromEnv: 'S3_ACCESS_KEY' },
          secret_access_key: { fromFile: secretFile },
        },
      },
      ...place,
      environment: { S3_ACCESS_KEY: s3Keys.access },
      secrets: [s3Keys.secret],
      traffic: null,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
