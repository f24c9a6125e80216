import type { Provider } from '../model/provider.ts';
import { fromRoot, opening } from '../place/far-mark.ts';
import { oauthOptions, renewedToken } from './oauth.ts';
import { needsOneOf } from './option-rule.ts';

export const box: Provider = {
  name: 'box',
  title: 'Box',
  rcloneType: 'box',
  description: 'Folders of a Box account.',
  options: {
    ...oauthOptions('box', 'optional'),
    box_config_file: {
      type: 'path',
      description: 'The config.json of a Box application that logs in by itself, in place of a token.',
      examples: ['/run/secrets/box-config.json'],
    },
    access_token: {
      type: 'string',
      description: 'Primary access token of a Box application, in place of a token.',
      examples: [],
      secret: true,
    },
    box_sub_type: {
      type: 'string',
      description: 'Whom the application of box_config_file acts for.',
      examples: ['enterprise'],
      values: ['user', 'enterprise'],
    },
    root_folder_id: {
      type: 'string',
      description: 'ID of the folder that folders of tasks start from; the root of the account when left out.',
      examples: ['123456789012'],
    },
    owned_by: {
      type: 'string',
      description: 'Only see files that belong to this login.',
      examples: ['alice@example.com'],
    },
  },
  usual: ['token'],
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, folder }) => ({
    kind: 'far',
    service: 'box',
    marks: [opening(options, ['token', 'box_config_file', 'access_token'])],
    parts: fromRoot(options, folder),
    folds: true,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: 'token',
  notes: [
    renewedToken,
    'A Box token can be renewed once: do not use the same token in another program or in a second credential.',
  ],
  check: (options) => needsOneOf('box', options, ['token', 'box_config_file', 'access_token']),
};
