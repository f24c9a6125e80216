/** A field of the format that this release refuses, unless it holds the value that means the default. */
interface UnsupportedField {
  /** Below `spec`. */
  readonly path: readonly string[];
  readonly accepted: readonly unknown[];
}

/** A change that makes a field act removes its row. */
export const unsupportedFields: readonly UnsupportedField[] = [
  { path: ['safety', 'maxDelete'], accepted: ['50%'] },
  { path: ['safety', 'preflight'], accepted: ['auto'] },
  { path: ['safety', 'backupFolder'], accepted: [] },
  { path: ['retry', 'limit'], accepted: [3] },
  { path: ['retry', 'backoff'], accepted: ['30s'] },
  { path: ['concurrency'], accepted: ['Forbid'] },
];

/** Providers of the seed's list. One that the registry holds is supported, whatever is written here. */
export const plannedProviders: readonly string[] = [
  ...['s3', 'b2', 'box', 'dropbox', 'ftp', 'google-cloud-storage', 'drive', 'google-photos', 'http', 'mega'],
  ...['azureblob', 'onedrive', 'swift', 'pcloud', 'sftp', 'storj-ix', 'webdav', 'yandex'],
];
