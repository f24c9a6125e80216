import type { Provider } from '../model/provider.ts';
import { folderParts, opening } from '../place/far-mark.ts';
import { oauthOptions, renewedToken } from './oauth.ts';

export const yandex: Provider = {
  name: 'yandex',
  title: 'Yandex Disk',
  rcloneType: 'yandex',
  description: 'Folders of a Yandex Disk account.',
  options: {
    ...oauthOptions('yandex', 'required'),
    hard_delete: {
      type: 'boolean',
      description: 'Delete files for good; they go to the trash when this is left out.',
      examples: [true],
    },
  },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, folder }) => ({
    kind: 'far',
    service: 'yandex',
    marks: [opening(options, ['token'])],
    parts: folderParts(folder),
    folds: false,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: null,
  fastList: true,
  token: 'token',
  notes: [renewedToken],
};
