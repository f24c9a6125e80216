import type { Provider } from '../model/provider.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { fromRoot, opening, placing } from '../place/far-mark.ts';
import { googleClient } from './google-client.ts';
import { oauthOptions, renewedToken } from './oauth.ts';
import { needsOneOf } from './option-rule.ts';
import { kibi, mebi } from './size.ts';

const logins = ['token', 'service_account_credentials', 'service_account_file'];

export const drive: Provider = {
  name: 'drive',
  title: 'Google Drive',
  rcloneType: 'drive',
  description: "Folders of Google Drive: one's own, or a shared drive.",
  options: {
    ...oauthOptions('drive', 'optional'),
    service_account_credentials: {
      type: 'string',
      description: 'JSON text of the key of a service account, in place of a token.',
      examples: [],
      secret: true,
    },
    service_account_file: {
      type: 'path',
      description: 'File that holds the key of a service account, in place of a token.',
      examples: ['/run/secrets/drive-key.json'],
    },
    impersonate: {
      type: 'string',
      description: 'Person whom the service account acts for.',
      examples: ['alice@example.com'],
    },
    scope: {
      type: 'string',
      description: 'What the token or the service account may do; everything when left out.',
      examples: ['drive.file'],
      values: ['drive', 'drive.readonly', 'drive.file', 'drive.appfolder', 'drive.metadata.readonly'],
    },
    team_drive: {
      type: 'string',
      description: 'ID of a shared drive.',
      examples: ['0ABcDeFgHiJkLUk9PVA'],
    },
    root_folder_id: {
      type: 'string',
      description: 'ID of the folder that folders of tasks start from; the root of the drive when left out.',
      examples: ['1AbCdEfGhIjKlMnOpQrStUvWxYz'],
    },
    shared_with_me: {
      type: 'boolean',
      description: 'Work on what others have shared with the account.',
      examples: [true],
    },
    acknowledge_abuse: {
      type: 'boolean',
      description: 'Download files that Google takes for malware or spam.',
      examples: [true],
    },
    use_trash: {
      type: 'boolean',
      description: 'Move deleted files to the trash; on unless it is set to false.',
      examples: [false],
    },
    skip_gdocs: {
      type: 'boolean',
      description: 'Leave out documents of Google Docs, which have no size and no file of their own.',
      examples: [true],
    },
    skip_shortcuts: {
      type: 'boolean',
      description: 'Leave out shortcuts, which are otherwise followed.',
      examples: [true],
    },
    export_formats: {
      type: 'string',
      description: 'Formats to download Google documents in, the best first.',
      examples: ['docx,xlsx,pptx,svg'],
    },
    keep_revision_forever: {
      type: 'boolean',
      description: 'Keep every version of a file for good.',
      examples: [true],
    },
    stop_on_upload_limit: {
      type: 'boolean',
      description: 'End the run when the daily limit of 750 GiB is reached, and do not try on.',
      examples: [true],
    },
  },
  usual: ['client_id', 'client_secret', 'token'],
  perTask: { acknowledge_abuse: {}, skip_gdocs: {}, skip_shortcuts: {}, export_formats: {}, keep_revision_forever: {} },
  buckets: false,
  directions: ['PUSH', 'PULL'],
  place({ options, folder }) {
    const { team_drive: shared, impersonate } = options;
    const owner = impersonate === undefined ? opening(options, logins) : placing(impersonate);
    const isShared = shared !== undefined && shared !== '';
    return {
      kind: 'far',
      service: 'drive',
      // The ID of a shared drive is its own, whoever opens it.
      marks: [isShared ? { value: 'shared', known: true } : owner],
      parts: [isShared ? `drive ${canonicalJson(shared)}` : 'own', ...fromRoot(options, folder)],
      folds: false,
      host: 'cloud',
    };
  },
  fixed: {},
  uploadChunk: {
    option: 'chunk_size',
    defaultBytes: 8 * mebi,
    minimumBytes: 256 * kibi,
    maximumBytes: null,
    rule: 'powerOfTwo',
    cutoffOption: null,
  },
  fastList: true,
  token: 'token',
  notes: [
    renewedToken,
    'Google lets two files in a folder have the same name; rclone then sees only one of them.',
    'While the application is in testing at Google, its tokens end after seven days: publish it.',
  ],
  check: (options) => [...needsOneOf('drive', options, logins), ...googleClient('drive', options)],
};
