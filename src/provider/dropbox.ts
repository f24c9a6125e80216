import type { Provider } from '../model/provider.ts';
import { fromRoot, opening, placing } from '../place/far-mark.ts';
import { oauthOptions, renewedToken } from './oauth.ts';
import { mebi } from './size.ts';

export const dropbox: Provider = {
  name: 'dropbox',
  title: 'Dropbox',
  rcloneType: 'dropbox',
  description: 'Folders of a Dropbox account.',
  options: {
    ...oauthOptions('dropbox', 'required'),
    impersonate: {
      type: 'string',
      description: 'Member of a business account to act for.',
      examples: ['alice@example.com'],
    },
    shared_folders: {
      type: 'boolean',
      description: 'Work on the folders that others have shared with the account.',
      examples: [true],
    },
    batch_mode: {
      type: 'string',
      description: 'Whether uploads are committed together; sync when left out.',
      examples: ['off'],
      // With `async` rclone ends well before it knows that the uploads did.
      values: ['sync', 'off'],
    },
    batch_size: {
      type: 'integer',
      description: 'Most files that are committed together; 0 leaves it to rclone.',
      examples: [100],
      minimum: 0,
      maximum: 999,
    },
  },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, options: { impersonate, shared_folders: shared = false }, folder }) => ({
    kind: 'far',
    service: 'dropbox',
    marks: [opening(options, ['token']), placing(impersonate)],
    parts: fromRoot({ shared }, folder),
    folds: true,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 48 * mebi,
    minimumBytes: 1 * mebi,
    // It must stay below 150Mi.
    maximumBytes: 149 * mebi,
    rule: 'any',
    cutoffOption: null,
  },
  fastList: false,
  token: 'token',
  notes: [
    renewedToken,
    'Dropbox does not tell apart names that differ only in case, and keeps some names out, such as .dropbox and desktop.ini.',
  ],
};
