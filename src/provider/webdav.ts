import type { Provider } from '../model/provider.ts';
import { conflicting, countGiven, isGiven } from './option-rule.ts';
import { webdavPlace } from './webdav-place.ts';

export const webdav: Provider = {
  name: 'webdav',
  title: 'WebDAV',
  rcloneType: 'webdav',
  description: 'A WebDAV server, such as Nextcloud, ownCloud or SharePoint.',
  options: {
    url: {
      type: 'string',
      description: 'Address of the WebDAV directory, without a user name or password in it.',
      examples: ['https://cloud.example.com/remote.php/dav/files/alice'],
      required: true,
      // A user and password before an @ would put a secret into Git.
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
    },
    vendor: {
      type: 'string',
      description: 'What the server runs. It decides how modification times and checksums are kept.',
      examples: ['nextcloud'],
      required: true,
      values: ['nextcloud', 'owncloud', 'sharepoint', 'sharepoint-ntlm', 'other'],
    },
    user: {
      type: 'string',
      description: 'Name to log in with. For SharePoint with NTLM: Domain\\User.',
      examples: ['alice'],
    },
    pass: {
      type: 'string',
      description: 'Password, or better an app password that can be withdrawn by itself.',
      examples: [],
      secret: true,
      obscured: true,
    },
    bearer_token: {
      type: 'string',
      description: 'Token that is sent in place of a user name and password.',
      examples: [],
      secret: true,
    },
  },
  usual: ['user', 'pass'],
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: webdavPlace,
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: [
    'Modification times and checksums are kept only by the vendors nextcloud and owncloud; elsewhere files are compared by size.',
  ],
  check(options) {
    if (!isGiven(options, 'bearer_token') || countGiven(options, ['user', 'pass']) === 0) return [];
    const message = 'option "bearer_token" stands in place of "user" and "pass"';
    return [conflicting('bearer_token', message, 'keep one way to log in')];
  },
};
