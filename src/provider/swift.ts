import type { Provider } from '../model/provider.ts';
import { gibi, mebi } from './size.ts';
import { swiftIssues } from './swift-login.ts';
import { swiftPlace } from './swift-place.ts';

export const swift: Provider = {
  name: 'swift',
  title: 'OpenStack Swift',
  rcloneType: 'swift',
  description: 'Containers of OpenStack Swift; spec.remote.bucket names the container.',
  options: {
    auth: {
      type: 'string',
      description: 'Address to log in at. Its end mostly tells the version: /v1.0, /v2.0 or /v3.',
      examples: ['https://auth.cloud.ovh.net/v3', 'https://auth.storage.memset.com/v1.0'],
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
    },
    user: {
      type: 'string',
      description: 'Name to log in with.',
      examples: ['backup'],
    },
    key: {
      type: 'string',
      description: 'Password or API key to log in with.',
      examples: [],
      secret: true,
    },
    auth_version: {
      type: 'integer',
      description: 'Version of the login, where the address does not tell; 0 finds it out.',
      examples: [3],
      minimum: 0,
      maximum: 3,
    },
    user_id: {
      type: 'string',
      description: 'ID of the user, in place of user and domain (version 3).',
      examples: ['0123456789abcdef0123456789abcdef'],
    },
    domain: {
      type: 'string',
      description: 'Domain of the user (version 3).',
      examples: ['Default'],
    },
    tenant: {
      type: 'string',
      description: 'Name of the tenant or project; version 1 needs none.',
      examples: ['backup-project'],
    },
    tenant_id: {
      type: 'string',
      description: 'ID of the tenant or project, in place of its name.',
      examples: ['0123456789abcdef0123456789abcdef'],
    },
    tenant_domain: {
      type: 'string',
      description: 'Domain of the tenant, where it is not that of the user (version 3).',
      examples: ['Default'],
    },
    region: {
      type: 'string',
      description: 'Region, where the service has several.',
      examples: ['GRA'],
    },
    storage_url: {
      type: 'string',
      description: 'Address of the storage, in place of the one that the login gives.',
      examples: ['https://storage.gra.cloud.ovh.net/v1/AUTH_0123456789abcdef'],
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
    },
    auth_token: {
      type: 'string',
      description: 'Token from a login elsewhere; it needs storage_url.',
      examples: [],
      secret: true,
    },
    application_credential_id: {
      type: 'string',
      description: 'ID of an application credential, in place of user and key (version 3).',
      examples: ['0123456789abcdef0123456789abcdef'],
    },
    application_credential_name: {
      type: 'string',
      description: 'Name of an application credential, in place of its ID; it needs user or user_id (version 3).',
      examples: ['backup'],
    },
    application_credential_secret: {
      type: 'string',
      description: 'Secret of the application credential (version 3).',
      examples: [],
      secret: true,
    },
    endpoint_type: {
      type: 'string',
      description: 'Which of the addresses of the service is used; public when left out.',
      examples: ['public'],
      values: ['public', 'internal', 'admin'],
    },
    storage_policy: {
      type: 'string',
      description: 'Policy of a container that has to be made; it cannot be changed afterwards.',
      examples: ['pcs'],
    },
    no_large_objects: {
      type: 'boolean',
      description: 'Do not look for files in several parts, which saves a request for each file.',
      examples: [true],
    },
  },
  usual: ['auth', 'user', 'key', 'domain', 'tenant'],
  perTask: { storage_policy: {} },
  buckets: true,
  directions: ['PUSH', 'PULL'],
  place: swiftPlace,
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 5 * gibi,
    minimumBytes: 1 * mebi,
    maximumBytes: 5 * gibi,
    rule: 'any',
    cutoffOption: null,
  },
  fastList: true,
  token: null,
  notes: [
    'Files above the chunk size lie in parts in a second container, named after the first with _segments at its end.',
    'With no_large_objects, files above the chunk size cannot be uploaded.',
  ],
  check: swiftIssues,
};
