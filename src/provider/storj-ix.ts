import type { Provider } from '../model/provider.ts';
import { s3Place } from './s3-place.ts';

const gateway = 'https://gateway.storjshare.io';

export const storjIx: Provider = {
  name: 'storj-ix',
  title: 'Storj',
  rcloneType: 's3',
  description: 'Buckets of Storj, by way of its S3 gateway.',
  options: {
    access_key_id: {
      type: 'string',
      description: 'Access key of the S3 credentials that Storj makes.',
      examples: ['jwexamplekeyforstorj'],
      required: true,
    },
    secret_access_key: {
      type: 'string',
      description: 'Secret key of the S3 credentials that Storj makes.',
      examples: [],
      required: true,
      secret: true,
    },
  },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place: ({ bucket, folder }) => s3Place({ options: { endpoint: gateway }, bucket, folder }),
  fixed: {
    provider: 'Other',
    endpoint: gateway,
    // Storj keeps segments of 64 MiB; smaller parts cost more and are slower.
    chunk_size: '64Mi',
    upload_cutoff: '64Mi',
    // Over HTTP/2 the gateway lets some uploads hang.
    disable_http2: 'true',
  },
  uploadChunk: null,
  fastList: true,
  token: null,
  notes: ['Files are uploaded in parts of 64 MiB, four at a time for each transfer, which need that much memory.'],
};
