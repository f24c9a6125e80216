import type { Provider } from '../model/provider.ts';
import { fromRoot, placing } from '../place/far-mark.ts';
import { oauthOptions, renewedToken } from './oauth.ts';
import { kibi, mebi } from './size.ts';

export const onedrive: Provider = {
  name: 'onedrive',
  title: 'Microsoft OneDrive',
  rcloneType: 'onedrive',
  description: 'Folders of OneDrive, for persons and for companies, and document libraries of SharePoint.',
  options: {
    ...oauthOptions('onedrive', 'required'),
    drive_id: {
      type: 'string',
      description: 'ID of the drive, as `rclone config` shows it after the login.',
      examples: ['b!AbCdEfGhIjKlMnOpQrStUv'],
      required: true,
    },
    drive_type: {
      type: 'string',
      description: 'Kind of the drive.',
      examples: ['personal'],
      required: true,
      values: ['personal', 'business', 'documentLibrary'],
    },
    region: {
      type: 'string',
      description: 'National cloud that the account is in; global when left out.',
      examples: ['global'],
      values: ['global', 'us', 'de', 'cn'],
    },
    root_folder_id: {
      type: 'string',
      description: 'ID of the folder that folders of tasks start from; the root of the drive when left out.',
      examples: ['0123456789ABCDEF!101'],
    },
    no_versions: {
      type: 'boolean',
      description: 'Remove the older versions of a file that is replaced, which count against the space.',
      examples: [true],
    },
    expose_onenote_files: {
      type: 'boolean',
      description: 'List OneNote files, which cannot be downloaded.',
      examples: [true],
    },
  },
  perTask: { expose_onenote_files: {} },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place: ({ options, options: { drive_id: drive }, folder }) => ({
    kind: 'far',
    service: 'onedrive',
    marks: [placing(drive, (id) => id.toLowerCase())],
    parts: fromRoot(options, folder),
    folds: true,
    host: 'cloud',
  }),
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 10 * mebi,
    minimumBytes: 320 * kibi,
    maximumBytes: 250 * mebi,
    rule: { multipleOfBytes: 320 * kibi },
    cutoffOption: null,
  },
  fastList: false,
  token: 'token',
  notes: [
    renewedToken,
    'Microsoft withdraws a token that was not used for 90 days.',
    'Microsoft slows down clients with many requests: a small number of transfers is often faster.',
  ],
};
