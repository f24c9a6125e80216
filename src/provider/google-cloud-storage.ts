import type { Provider } from '../model/provider.ts';
import { serverMark } from '../place/far-mark.ts';
import { bucketPlace } from './bucket-place.ts';
import { oauthOptions } from './oauth.ts';
import { needsOneOf } from './option-rule.ts';

const logins = ['service_account_credentials', 'service_account_file', 'token', 'anonymous'];

export const googleCloudStorage: Provider = {
  name: 'google-cloud-storage',
  title: 'Google Cloud Storage',
  rcloneType: 'google cloud storage',
  description: 'Buckets of Google Cloud Storage.',
  options: {
    service_account_credentials: {
      type: 'string',
      description: 'JSON text of the key of a service account.',
      examples: [],
      secret: true,
    },
    service_account_file: {
      type: 'path',
      description: 'File that holds the key of a service account.',
      examples: ['/run/secrets/gcs-key.json'],
    },
    ...oauthOptions('google cloud storage', 'optional'),
    anonymous: {
      type: 'boolean',
      description: 'Read public buckets without a login.',
      examples: [true],
    },
    project_number: {
      type: 'string',
      description:
        'Project that a bucket is made in; the one in service_account_credentials when left out. Buckets that exist need none.',
      examples: ['123456789012'],
    },
    bucket_policy_only: {
      type: 'boolean',
      description: 'The bucket has uniform access: send no access rules for single objects.',
      examples: [true],
    },
    object_acl: {
      type: 'string',
      description: 'Access rules of the objects that are written.',
      examples: ['private'],
      values: [
        ...['authenticatedRead', 'bucketOwnerFullControl', 'bucketOwnerRead'],
        ...['private', 'projectPrivate', 'publicRead'],
      ],
    },
    bucket_acl: {
      type: 'string',
      description: 'Access rules of a bucket that is made.',
      examples: ['private'],
      values: ['authenticatedRead', 'private', 'projectPrivate', 'publicRead', 'publicReadWrite'],
    },
    location: {
      type: 'string',
      description: 'Where a bucket is placed that has to be made.',
      examples: ['europe-west3', 'eu'],
    },
    storage_class: {
      type: 'string',
      description: 'Storage class of the objects that are written.',
      examples: ['NEARLINE'],
      values: [
        ...['STANDARD', 'MULTI_REGIONAL', 'REGIONAL', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
        'DURABLE_REDUCED_AVAILABILITY',
      ],
    },
    no_check_bucket: {
      type: 'boolean',
      description: 'Do not look whether the bucket exists and do not try to make it.',
      examples: [true],
    },
    decompress: {
      type: 'boolean',
      description: 'Unpack objects that are stored with gzip as they are read.',
      examples: [true],
    },
    endpoint: {
      type: 'string',
      description: 'Address of the service; leave it out for Google.',
      examples: ['https://storage.example.com/storage/v1/'],
      // A user and password before an @ would put a secret into Git.
      pattern: '^[^\\s@]+$',
    },
  },
  usual: ['service_account_file'],
  perTask: { storage_class: {}, decompress: {}, no_check_bucket: {} },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place({ options: { endpoint }, bucket, folder }) {
    const { mark } = serverMark(endpoint, 'google');
    const isOwn = mark.value === 'google' || mark.value === 'storage.googleapis.com';
    return bucketPlace('gcs', isOwn ? { value: 'google', known: true } : mark, { bucket, folder }, isOwn);
  },
  fixed: {},
  uploadChunk: null,
  fastList: true,
  token: 'token',
  notes: ['With uniform access on the bucket, set bucket_policy_only, or uploads are refused.'],
  check: (options) => needsOneOf('google-cloud-storage', options, logins),
};
