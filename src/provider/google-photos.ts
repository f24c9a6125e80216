import type { Provider, ProviderTask } from '../model/provider.ts';
import { folderParts, opening } from '../place/far-mark.ts';
import { googleClient } from './google-client.ts';
import { oauthOptions, renewedToken } from './oauth.ts';

export const googlePhotos: Provider = {
  name: 'google-photos',
  title: 'Google Photos',
  rcloneType: 'google photos',
  description:
    'Photos and albums of Google Photos. Uploads go to a folder below album/ or to upload/; what is read lies below media/, album/, shared-album/ and feature/.',
  options: {
    ...oauthOptions('google photos', 'required'),
    read_only: {
      type: 'boolean',
      description: 'Ask for the right to read only.',
      examples: [true],
    },
    read_size: {
      type: 'boolean',
      description: 'Ask for the size of each photo, with a request of its own; sizes are otherwise unknown.',
      examples: [true],
    },
    start_year: {
      type: 'integer',
      description: 'Leave out photos of earlier years; 2000 when left out.',
      examples: [2015],
      minimum: 1900,
      maximum: 9999,
    },
    include_archived: {
      type: 'boolean',
      description: 'See archived photos too.',
      examples: [true],
    },
  },
  usual: ['client_id', 'client_secret'],
  folderPrefix: 'album/',
  perTask: { read_size: {}, start_year: {}, include_archived: {} },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, folder }) => ({
    kind: 'far',
    service: 'google-photos',
    marks: [opening(options, ['token'])],
    parts: folderParts(folder),
    folds: false,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: null,
  fastList: false,
  setsAside: false,
  token: 'token',
  notes: [
    renewedToken,
    'Since March 2025 Google shows a program only the photos that this program has uploaded: this is no way to back up a library.',
    'Google may compress what is downloaded, and changes the names of photos that are the same.',
  ],
  check: (options) => googleClient('google-photos', options),
  checkTask: (task) => (task.direction === 'PUSH' ? pushFault(task) : pullFault(task)),
};

/** Uploads are possible to albums and to `upload`, which is empty again for each run. */
function pushFault({ transferMode, folder }: ProviderTask): string | null {
  const parts = partsOf(folder);
  if (parts[0] === 'album' && parts.length > 1) return null;
  if (parts[0] !== 'upload') {
    return 'provider google-photos can upload only to a folder such as album/Holidays, or to upload';
  }
  if (transferMode !== 'SYNC') return null;
  return 'provider google-photos can SYNC only to a folder such as album/Holidays: upload is empty for each new run';
}

/** The root and `media` show each photo many times, and `media/by-day` holds a folder for each day since 2000. */
function pullFault({ transferMode, folder }: ProviderTask): string | null {
  const path = partsOf(folder).join('/');
  if (['', 'media', 'media/by-day'].includes(path)) {
    return 'provider google-photos can be read only below a folder such as album, media/all or media/by-year';
  }
  if (transferMode !== 'MOVE') return null;
  return 'provider google-photos cannot delete photos, so MOVE is not possible from it';
}

function partsOf(folder: string): readonly string[] {
  return folder.split('/').filter((part) => part !== '' && part !== '.');
}
