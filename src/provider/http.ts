import type { Provider } from '../model/provider.ts';
import { folderParts, serverMark } from '../place/far-mark.ts';

export const http: Provider = {
  name: 'http',
  title: 'HTTP',
  rcloneType: 'http',
  description: 'A web server that lists its directories, to read from.',
  options: {
    url: {
      type: 'string',
      description:
        'Address of the directory. One with a user name and a password in it is a secret: give it as a reference.',
      examples: ['https://files.example.com/pub/'],
      required: true,
      // A user and password before an @ would put a secret into Git.
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
    },
    headers: {
      type: 'string',
      description: 'Headers of each request, as name,value,name,value. They may hold a password, so they are a secret.',
      examples: [],
      secret: true,
    },
    no_slash: {
      type: 'boolean',
      description: 'Directories are listed without a slash at the end of their names.',
      examples: [true],
    },
    no_head: {
      type: 'boolean',
      description: 'Do not ask for the size and time of each file. Faster, but such files are then always the same.',
      examples: [true],
    },
  },
  buckets: false,
  directions: ['PULL'],
  place({ options: { url }, folder }) {
    const { mark, path } = serverMark(url, '');
    return {
      kind: 'far',
      service: 'http',
      marks: [mark],
      parts: [...path, ...folderParts(folder)],
      folds: false,
      host: 'server',
    };
  },
  fixed: {},
  uploadChunk: null,
  fastList: false,
  token: null,
  notes: ['A web server has no checksums; files are compared by size and by the time that the server gives.'],
  checkTask({ transferMode }) {
    if (transferMode !== 'MOVE') return null;
    return 'provider http cannot delete files, so MOVE is not possible from it';
  },
};
