import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue, Provider } from '../model/provider.ts';
import { bucketParts, opening, placing, serverMark } from '../place/far-mark.ts';
import { isGiven, missing, needsOneOf } from './option-rule.ts';
import { mebi } from './size.ts';

export const azureblob: Provider = {
  name: 'azureblob',
  title: 'Microsoft Azure Blob Storage',
  rcloneType: 'azureblob',
  description: 'Containers of Azure Blob Storage; spec.remote.bucket names the container.',
  options: {
    account: {
      type: 'string',
      description: 'Name of the storage account. Not needed with sas_url.',
      examples: ['examplebackup'],
      pattern: '^[A-Za-z0-9.-]+$',
    },
    key: {
      type: 'string',
      description: 'Key of the storage account.',
      examples: [],
      secret: true,
    },
    sas_url: {
      type: 'string',
      description: 'Address with a shared access signature, in place of account and key.',
      examples: [],
      secret: true,
    },
    service_principal_file: {
      type: 'path',
      description: 'File that holds the login of a service principal, in place of a key.',
      examples: ['/run/secrets/azure-principal.json'],
    },
    use_msi: {
      type: 'boolean',
      description: 'Log in as the identity that Azure gives to the machine, in place of a key.',
      examples: [true],
    },
    msi_client_id: {
      type: 'string',
      description: 'Client ID of the identity, with use_msi on a machine that has several.',
      examples: ['11111111-2222-3333-4444-555555555555'],
    },
    use_emulator: {
      type: 'boolean',
      description: 'The endpoint is the emulator Azurite, whose account and key everyone knows. For tests.',
      examples: [true],
    },
    endpoint: {
      type: 'string',
      description: 'Address of the service, for national clouds and emulators.',
      examples: ['https://blob.core.usgovcloudapi.net'],
      // A user and password before an @ would put a secret into Git.
      pattern: '^[^\\s@]+$',
    },
    access_tier: {
      type: 'string',
      description: 'Tier of the blobs that are written; that of the account when left out.',
      examples: ['cool'],
      values: ['hot', 'cool', 'cold', 'archive'],
    },
    archive_tier_delete: {
      type: 'boolean',
      description: 'Delete a blob in the archive tier before it is replaced, as it cannot be overwritten.',
      examples: [true],
    },
    upload_concurrency: {
      type: 'integer',
      description: 'Chunks of one file that are uploaded at the same time; 16 when left out.',
      examples: [16],
      minimum: 1,
      maximum: 256,
    },
    disable_checksum: {
      type: 'boolean',
      description: 'Do not compute the checksum of large files before their upload; they then have none.',
      examples: [true],
    },
  },
  usual: ['account', 'key'],
  perTask: { access_tier: {}, upload_concurrency: {} },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place({ options, bucket, folder }) {
    const { use_emulator: emulator = false, endpoint, account: name } = options;
    const cloud = 'blob.core.windows.net';
    const { mark, path } = serverMark(endpoint, emulator === true ? 'emulator' : cloud);
    // An account may stand before the host or after it.
    const written = typeof name === 'string' ? name : path[0];
    const account = emulator === true && written === undefined ? 'devstoreaccount1' : written;
    const named = account === undefined ? opening(options, ['sas_url', 'account']) : placing(account.toLowerCase());
    return {
      kind: 'far',
      service: 'azureblob',
      marks: [mark, named],
      parts: bucketParts(bucket, folder),
      folds: false,
      host: mark.value === cloud ? 'cloud' : 'server',
    };
  },
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 4 * mebi,
    minimumBytes: 1 * mebi,
    // What a block may hold in all versions of the service that rclone speaks.
    maximumBytes: 100 * mebi,
    rule: 'any',
    cutoffOption: null,
  },
  fastList: true,
  token: null,
  notes: ['A file has at most 50,000 chunks: one above 195 GiB needs an uploadChunkSize of more than 4Mi.'],
  check: loginIssues,
};

function loginIssues(options: Readonly<Record<string, OptionValue>>): readonly OptionIssue[] {
  const complete = ['sas_url', 'use_emulator'];
  if (complete.some((name) => isGiven(options, name))) return [];
  const logins = ['key', 'service_principal_file', 'use_msi'];
  const needsAccount = missing('provider azureblob needs the option "account"', 'for example account: "examplebackup"');
  return [
    ...needsOneOf('azureblob', options, [...logins, ...complete]),
    ...(isGiven(options, 'account') || !logins.some((name) => isGiven(options, name)) ? [] : [needsAccount]),
  ];
}
