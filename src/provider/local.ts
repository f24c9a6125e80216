import type { Provider } from '../model/provider.ts';

export const local: Provider = {
  name: 'local',
  title: 'Local directory',
  rcloneType: 'local',
  description:
    'A directory on this machine, such as a second disk or a mounted share. It needs no account and is a good place to start.',
  options: {
    root: {
      type: 'path',
      description:
        'The directory that folders of tasks start from. A folder can never lead out of it. It must exist: a run never makes it, as it may be a disk that is not mounted.',
      examples: ['/mnt/backup', './remote'],
      required: true,
    },
  },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: 'local',
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: [],
};
