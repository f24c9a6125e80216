/** What TrueNAS calls a field on its screen and in its API, and what that is here. */
export interface TrueNasField {
  readonly label: string;
  /** In the API; `attributes.` stands before those of the provider. */
  readonly name: string;
  /** `null`: there is none. */
  readonly field: string | null;
  readonly remark: string | null;
}

/** In the order of the screen. */
export const trueNasFields: readonly TrueNasField[] = [
  named('Description', 'description', 'spec.description'),
  named('Direction', 'direction', 'spec.direction'),
  named('Transfer Mode', 'transfer_mode', 'spec.transferMode', 'COPY where it is left out'),
  named('Directory/Files', 'path', 'spec.path'),
  named('Credential', 'credentials', 'spec.remote.credential', 'the name of a CloudCredential'),
  named('', 'attributes', 'spec.remote', 'bucket and folder of the task'),
  named('Bucket', 'attributes.bucket', 'spec.remote.bucket'),
  named('Folder', 'attributes.folder', 'spec.remote.folder'),
  named('Schedule', 'schedule', 'spec.schedule', 'one cron expression, such as "0 2 * * *", or daily'),
  named('Enable', 'enabled', 'spec.enabled'),
  named('Follow Symlinks', 'follow_symlinks', 'spec.followSymlinks'),
  named('Take Snapshot', 'snapshot', null, 'make the snapshot in spec.preScript, and name its folder in spec.path'),
  named('Create empty source dirs on destination', 'create_empty_src_dirs', 'spec.createEmptySourceDirectories'),
  named('Pre-script', 'pre_script', 'spec.preScript'),
  named('Post-script', 'post_script', 'spec.postScript'),
  named('Exclude', 'exclude', 'spec.exclude'),
  named('Include', 'include', 'spec.include'),
  named('Upload Chunk Size', 'attributes.chunk_size', 'spec.uploadChunkSize', 'with a unit: 96 MB there is 96Mi here'),
  named('Use --fast-list', 'attributes.fast_list', 'spec.fastList'),
  named('Remote Encryption', 'encryption', 'spec.encryption', 'a map with password, salt and filenames'),
  named('Filename Encryption', 'filename_encryption', 'spec.encryption.filenames'),
  named('Encryption Password', 'encryption_password', 'spec.encryption.password', 'a reference to the secret'),
  named('Encryption Salt', 'encryption_salt', 'spec.encryption.salt', 'a reference to the secret'),
  named('Transfers', 'transfers', 'spec.transfers'),
  named('Bandwidth Limit', 'bwlimit', 'spec.bandwidthLimit', 'a number without a unit counts KiB per second'),
  named('', 'args', 'spec.rcloneFlags', 'a map of flags'),
];

function named(label: string, name: string, field: string | null, remark: string | null = null): TrueNasField {
  return { label, name, field, remark };
}

/** What a key of a task is called here, as a hint; `null`: TrueNAS has no such name, or it is the same here. */
export function trueNasHint(key: string): string | null {
  const found = trueNasFields.find(({ name }) => name.replace('attributes.', '') === key);
  if (found === undefined || found.field === `spec.${key}`) return null;
  if (found.field === null) return `TrueNAS's ${key} has no field here; ${found.remark}`;
  return `TrueNAS's ${key} is ${found.field} here${found.remark === null ? '' : `; ${found.remark}`}`;
}

/** Providers by the names of TrueNAS, where lower case and hyphens are not all that differs. */
export const trueNasProviders: Readonly<Record<string, string>> = {
  GOOGLE_DRIVE: 'drive',
  OPENSTACK_SWIFT: 'swift',
};

export function providerMeant(written: string, known: Iterable<string>): string | null {
  const plain = trueNasProviders[written.toUpperCase().replaceAll(/[- ]/g, '_')];
  const wanted = plain ?? written.toLowerCase().replaceAll(/[_ ]/g, '-');
  return [...known].find((name) => name === wanted) ?? null;
}

/** What is done about an option of TrueNAS that is none here. */
const withoutSuccessor: Readonly<Record<string, string>> = {
  skip_region: 'leave it out; a region is needed only where region is given',
};

/** Options by the names that TrueNAS and people give them; the first that the provider has is meant. */
const optionNames: Readonly<Record<string, readonly string[]>> = {
  username: ['user', 'account'],
  password: ['pass'],
  private_key: ['key_file', 'key_pem'],
  hostname: ['host'],
  access_key: ['access_key_id'],
  secret_key: ['secret_access_key'],
  signatures_v2: ['v2_auth'],
  encryption: ['server_side_encryption'],
  chunk_size: [],
};

/** A hint about an option that the provider does not have; `null` where nothing is known of it. */
export function optionHint(written: string, options: Readonly<Record<string, unknown>>): string | null {
  const key = written.toLowerCase();
  if (key === 'chunk_size') return 'the size of chunks is spec.uploadChunkSize of the task';
  if (key === 'bucket' || key === 'folder') return `it is spec.remote.${key} of the task`;
  if (withoutSuccessor[key] !== undefined) return withoutSuccessor[key] ?? null;
  const meant = optionNames[key]?.find((name) => Object.hasOwn(options, name));
  return meant === undefined ? null : `it is ${meant} here`;
}
