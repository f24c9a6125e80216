import type { Provider } from '../model/provider.ts';
import { countGiven, isGiven, missing } from './option-rule.ts';
import { s3Place } from './s3-place.ts';
import { s3Services } from './s3-services.ts';
import { s3StorageClasses } from './s3-storage-classes.ts';
import { gibi, mebi } from './size.ts';

export const s3: Provider = {
  name: 's3',
  title: 'Amazon S3',
  rcloneType: 's3',
  description: 'Amazon S3, and every service that speaks its protocol: MinIO, Wasabi, Cloudflare R2, Ceph and others.',
  options: {
    provider: {
      type: 'string',
      description: 'Whose S3 service it is. When left out it is AWS, or Other where an endpoint is given.',
      examples: ['AWS', 'Minio', 'Other'],
      values: s3Services,
    },
    access_key_id: {
      type: 'string',
      description: 'Access key ID.',
      examples: [],
      secret: true,
    },
    secret_access_key: {
      type: 'string',
      description: 'Secret access key.',
      examples: [],
      secret: true,
    },
    session_token: {
      type: 'string',
      description: 'Session token, for credentials that were issued for a limited time.',
      examples: [],
      secret: true,
    },
    env_auth: {
      type: 'boolean',
      description:
        'Take the keys from the shared credentials file or from the role of the machine. AWS variables of the environment are not passed on.',
      examples: [true],
    },
    shared_credentials_file: {
      type: 'path',
      description: 'The shared credentials file, with env_auth; ~/.aws/credentials when left out.',
      examples: ['/run/secrets/aws-credentials'],
    },
    profile: {
      type: 'string',
      description: 'Profile in the shared credentials file, with env_auth.',
      examples: ['backup'],
    },
    region: {
      type: 'string',
      description: 'Region of the bucket.',
      examples: ['eu-central-1', 'auto'],
    },
    endpoint: {
      type: 'string',
      description: 'Address of the service; leave it out for AWS.',
      examples: ['https://s3.example.com', 's3.fr-par.scw.cloud'],
      // A user and password before an @ would put a secret into Git.
      pattern: '^[^\\s@]+$',
    },
    location_constraint: {
      type: 'string',
      description: 'Where a bucket is placed that has to be made; on AWS it must be the region.',
      examples: ['eu-central-1'],
    },
    acl: {
      type: 'string',
      description: 'Canned access rules of the objects that are written.',
      examples: ['private'],
      values: [
        'default',
        'private',
        'public-read',
        'public-read-write',
        'authenticated-read',
        'bucket-owner-read',
        'bucket-owner-full-control',
      ],
    },
    force_path_style: {
      type: 'boolean',
      description: 'Put the bucket in the path of an address and not in its host name; on unless it is set to false.',
      examples: [false],
    },
    v2_auth: {
      type: 'boolean',
      description: 'Sign requests with version 2, for old services such as Ceph before Jewel.',
      examples: [true],
    },
    sign_accept_encoding: {
      type: 'boolean',
      description:
        'Count the header Accept-Encoding into the signature; on unless it is set to false, for a proxy that changes it. It needs rclone 1.73.',
      examples: [false],
    },
    storage_class: {
      type: 'string',
      description:
        'Storage class of the objects that are written. Archive classes make it slow and costly to read back.',
      examples: ['STANDARD_IA', 'INTELLIGENT_TIERING'],
      usual: s3StorageClasses,
    },
    server_side_encryption: {
      type: 'string',
      description: 'How the service encrypts what is written.',
      examples: ['AES256'],
      values: ['AES256', 'aws:kms'],
    },
    sse_kms_key_id: {
      type: 'string',
      description: 'ARN of the key, with server_side_encryption: aws:kms.',
      examples: ['arn:aws:kms:eu-central-1:111122223333:key/backup'],
    },
    max_upload_parts: {
      type: 'integer',
      description: 'Most parts that one file is uploaded in; 10000 when left out, and at most 1000 at Scaleway.',
      examples: [1000],
      minimum: 1,
      maximum: 10000,
    },
    upload_concurrency: {
      type: 'integer',
      description: 'Parts of one file that are uploaded at the same time; 4 when left out.',
      examples: [4],
      minimum: 1,
      maximum: 256,
    },
    no_check_bucket: {
      type: 'boolean',
      description: 'Do not look whether the bucket exists and do not try to make it. For keys that may only write.',
      examples: [true],
    },
    requester_pays: {
      type: 'boolean',
      description: 'Pay for reading from a bucket whose owner asks for that.',
      examples: [true],
    },
  },
  usual: ['access_key_id', 'secret_access_key', 'region'],
  // Of a region only the usual form, within AWS's main partition: it becomes a part of a host name.
  perTask: {
    region: { pattern: '(?:auto|(?!cn-|us-gov-|us-iso)[a-z]{2}(?:-[a-z]+)+-\\d{1,2})' },
    storage_class: {},
    server_side_encryption: {},
    sse_kms_key_id: {},
    requester_pays: {},
    upload_concurrency: {},
    no_check_bucket: {},
  },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place: s3Place,
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 5 * mebi,
    minimumBytes: 5 * mebi,
    maximumBytes: 5 * gibi,
    rule: 'any',
    cutoffOption: null,
  },
  fastList: true,
  token: null,
  notes: [
    'Without env_auth and without keys the requests are not signed, which only a public bucket accepts.',
    'Objects in an archive class must be restored by the service before they can be read or replaced.',
  ],
  check(options) {
    if (countGiven(options, ['access_key_id', 'secret_access_key']) !== 1) return [];
    const absent = isGiven(options, 'access_key_id') ? 'secret_access_key' : 'access_key_id';
    const message = 'options "access_key_id" and "secret_access_key" belong together';
    return [missing(message, `add ${absent}: { fromEnv: NAME }`)];
  },
};
