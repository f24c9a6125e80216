import type { Provider } from '../model/provider.ts';
import { serverMark } from '../place/far-mark.ts';
import { bucketPlace } from './bucket-place.ts';
import { gibi, mebi } from './size.ts';

export const b2: Provider = {
  name: 'b2',
  title: 'Backblaze B2',
  rcloneType: 'b2',
  description: 'Buckets of Backblaze B2.',
  options: {
    account: {
      type: 'string',
      description: 'Application key ID, or the account ID with its master key.',
      examples: ['0012345678abcde0000000001'],
      required: true,
    },
    key: {
      type: 'string',
      description: 'Application key.',
      examples: [],
      required: true,
      secret: true,
    },
    hard_delete: {
      type: 'boolean',
      description: 'Delete for good; when left out, deleted and replaced files stay as hidden versions.',
      examples: [true],
    },
    endpoint: {
      type: 'string',
      description: 'Address of the service; leave it out for Backblaze.',
      examples: ['https://api.backblazeb2.com'],
      // A user and password before an @ would put a secret into Git.
      pattern: '^[^\\s@]+$',
    },
    download_url: {
      type: 'string',
      description: 'Address to download from, such as that of a Cloudflare host in front of the bucket.',
      examples: ['https://files.example.com'],
      pattern: '^https?://[^\\s@]+$',
    },
    disable_checksum: {
      type: 'boolean',
      description: 'Do not compute the checksum of large files before their upload; they then have none.',
      examples: [true],
    },
  },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place({ options: { endpoint }, bucket, folder }) {
    const { mark } = serverMark(endpoint, 'backblaze');
    const isOwn = mark.value === 'backblaze' || mark.value === 'api.backblazeb2.com';
    return bucketPlace('b2', isOwn ? { value: 'backblaze', known: true } : mark, { bucket, folder }, isOwn);
  },
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 96 * mebi,
    minimumBytes: 5 * mebi,
    // A part holds at most 5 GB; this is the next size below that people write.
    maximumBytes: 4 * gibi,
    rule: 'any',
    cutoffOption: 'upload_cutoff',
  },
  fastList: true,
  token: null,
  notes: [
    'Without hard_delete, SYNC and MOVE only hide files: old versions stay and are paid for until a lifecycle rule of the bucket removes them.',
  ],
};
