import type { Provider } from '../model/provider.ts';
import { folderParts, placing } from '../place/far-mark.ts';

export const mega: Provider = {
  name: 'mega',
  title: 'Mega',
  rcloneType: 'mega',
  description: 'Folders of a Mega account.',
  options: {
    user: {
      type: 'string',
      description: 'Name to log in with.',
      examples: ['alice@example.com'],
      required: true,
    },
    pass: {
      type: 'string',
      description: 'Password to log in with.',
      examples: [],
      required: true,
      secret: true,
      obscured: true,
    },
    hard_delete: {
      type: 'boolean',
      description: 'Delete files for good; they go to the trash when this is left out.',
      examples: [true],
    },
    use_https: {
      type: 'boolean',
      description: 'Transfer the files, which are encrypted anyway, by HTTPS. It needs rclone 1.63.',
      examples: [true],
    },
  },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options: { user: login }, folder }) => ({
    kind: 'far',
    service: 'mega',
    marks: [placing(login, (user) => user.toLowerCase())],
    parts: folderParts(folder),
    folds: false,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: [
    'The rclone 1.60 of Debian has no Mega; a newer one is needed.',
    'An account with two-factor login cannot be used.',
    'Mega has no modification times and no checksums; files are compared by size.',
  ],
};
