/** Why a flag that rclone has may not be set, and what to use instead. */
export interface FlagRefusal {
  readonly reason: string;
  readonly hint: string | null;
}

/** The flags that people reach for; `null`: nothing is known about the name. */
export function flagRefusal(name: string): FlagRefusal | null {
  return groups.find(({ names }) => names.test(name)) ?? null;
}

interface Group extends FlagRefusal {
  readonly names: RegExp;
}

const filterHint = 'use exclude and include';

const groups: readonly Group[] = [
  group(
    /^(?:config|cache-dir|temp-dir)$/,
    'every run has a configuration of its own',
    'use remote.credential or remote.rcloneRemote',
  ),
  group(
    /^(?:password-command|ask-password|auto-confirm|interactive)$/,
    'nobody is there to answer, and commands are not run for rclone',
    'use a secret reference with fromCommand',
  ),
  group(/^(?:rc(?:-.*)?|metrics-.*)$/, 'it opens a port', null),
  group(
    /^(?:(?:filter|include|exclude|files)(?:-.*)?|max-depth|hash-filter|ignore-case)$/,
    'it changes which files count',
    filterHint,
  ),
  group(/^min-age$/, 'it has a field of its own', 'use spec.minAge, with COPY or MOVE'),
  group(/^max-age$/, 'it has a field of its own', 'use spec.maxAge, with COPY or MOVE'),
  group(/^min-size$/, 'it has a field of its own', 'use spec.minSize, with COPY or MOVE'),
  group(/^max-size$/, 'it has a field of its own', 'use spec.maxSize, with COPY or MOVE'),
  group(/^delete-excluded$/, 'it deletes what a filter protects', filterHint),
  group(/^delete-(?:before|during|after)$/, 'files are deleted last, and only if nothing has failed before', null),
  group(/^(?:ignore-errors|max-delete(?:-size)?)$/, 'it changes what holds deletes back', 'use safety.maxDelete'),
  group(/^(?:backup-dir|suffix(?:-.*)?)$/, 'it moves what would be deleted or replaced', 'use safety.backupFolder'),
  group(
    /^(?:log-.*|syslog.*|verbose|quiet|use-json-log|stats.*|progress.*|dump.*|human-readable|cpuprofile|memprofile)$/,
    'Cloudsync reads what rclone logs',
    'use `cloudsync logs`',
  ),
  group(
    /^dry-run$/,
    'every run of the task would do nothing and be called a success',
    'use `cloudsync run NAME --dry-run`',
  ),
  group(
    /^(?:retries|retries-sleep)$/,
    'runs are tried again by a field of their own',
    'use retry.limit and retry.backoff',
  ),
  group(/^max-duration$/, 'how long a run may take has a field of its own', 'use spec.timeout'),
  group(/^error-on-no-transfer$/, 'a run with nothing to do is a success', null),
  group(/^transfers$/, 'it has a field of its own', 'use spec.transfers'),
  group(/^bwlimit(?:-file)?$/, 'it has a field of its own', 'use spec.bandwidthLimit'),
  group(/^(?:copy-links|links|skip-links|local-links)$/, 'it has a field of its own', 'use spec.followSymlinks'),
  group(
    /^(?:create-empty-src-dirs|delete-empty-src-dirs)$/,
    'it has a field of its own',
    'use spec.createEmptySourceDirectories',
  ),
  group(/^fast-list$/, 'it has a field of its own', 'use spec.fastList'),
  group(/^(?:.*-)?chunk-size$/, 'it has a field of its own', 'use spec.uploadChunkSize'),
  group(/^(?:compare-dest|copy-dest)$/, 'it reads another place than the task names', null),
  group(/^header(?:-.*)?$/, 'headers may hold secrets, which do not belong into a manifest or on a command line', null),
  group(
    /^(?:no-check-certificate|ca-cert|client-cert|client-key)$/,
    'it changes which servers are trusted',
    'set SSL_CERT_FILE for the daemon',
  ),
  group(
    /^(?:s3|b2|box|dropbox|ftp|gcs|drive|gphotos|http|mega|azureblob|azurefiles|onedrive|swift|pcloud|sftp|storj|webdav|yandex|local|crypt)-/,
    'it is an option of the remote',
    'set it in spec.options of the CloudCredential, as rclone.conf calls it',
  ),
];

function group(names: RegExp, reason: string, hint: string | null): Group {
  return { names, reason, hint };
}
