import type { Provider } from '../model/provider.ts';
import { fromRoot, opening, serverMark } from '../place/far-mark.ts';
import { oauthOptions } from './oauth.ts';

export const pcloud: Provider = {
  name: 'pcloud',
  title: 'pCloud',
  rcloneType: 'pcloud',
  description: 'Folders of a pCloud account.',
  options: {
    ...oauthOptions('pcloud', 'required'),
    hostname: {
      type: 'string',
      description: 'Host of the region that the account is in: api.pcloud.com, or eapi.pcloud.com for Europe.',
      examples: ['eapi.pcloud.com'],
      pattern: '^[^\\s@/]+$',
    },
    root_folder_id: {
      type: 'string',
      description: 'ID of the folder that folders of tasks start from; the root of the account when left out.',
      examples: ['d123456'],
    },
  },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, options: { hostname }, folder }) => ({
    kind: 'far',
    service: 'pcloud',
    marks: [serverMark(hostname, 'api.pcloud.com').mark, opening(options, ['token'])],
    parts: fromRoot(options, folder),
    folds: false,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: 'token',
  notes: ['A European account needs hostname: eapi.pcloud.com, or the login is refused.'],
};
