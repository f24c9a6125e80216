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

const ownField = 'it has a field of its own';
const changesFiles = 'it changes which files count';
const readsLogs = 'Cloudsync reads what rclone logs';
const providerHint =
  'docs/manifest.md lists the options of each provider, for spec.options of the CloudCredential and spec.remote.options of a task';

/** A hint says what does the same; where nothing does, there is none. The first that matches counts. */
const groups: readonly Group[] = [
  group(
    /^config$/,
    'every run has a configuration of its own',
    'use spec.remote.credential, or spec.remote.rcloneRemote for a section of an existing rclone.conf',
  ),
  group(/^(?:cache-dir|temp-dir)$/, 'every run has a configuration of its own', null),
  group(/^password-command$/, 'commands are not run for rclone', 'use a secret reference with fromCommand'),
  group(/^(?:ask-password|auto-confirm|interactive)$/, 'nobody is there to answer', null),
  group(/^(?:rc(?:-.*)?|metrics-.*)$/, 'it opens a port', null),
  group(/^(?:exclude-if-present|hash-filter)$/, changesFiles, null),
  group(
    /^(?:(?:filter|include|exclude)(?:-from)?|files-from(?:-.*)?)$/,
    changesFiles,
    'use spec.exclude and spec.include',
  ),
  group(/^max-depth$/, changesFiles, 'use spec.exclude, for example "/*/**" to leave out all folders'),
  group(/^ignore-case$/, changesFiles, 'use spec.exclude and spec.include with both cases, as in "*.{jpg,JPG}"'),
  group(/^min-age$/, ownField, 'use spec.minAge, with COPY or MOVE'),
  group(/^max-age$/, ownField, 'use spec.maxAge, with COPY or MOVE'),
  group(/^min-size$/, ownField, 'use spec.minSize, with COPY or MOVE'),
  group(/^max-size$/, ownField, 'use spec.maxSize, with COPY or MOVE'),
  group(/^delete-excluded$/, 'it deletes at the destination what a filter protects', null),
  group(/^delete-(?:before|during|after)$/, 'files are deleted last, and only if nothing has failed before', null),
  group(/^ignore-errors$/, 'it deletes files although something at the source could not be read', null),
  group(/^max-delete$/, ownField, 'use spec.safety.maxDelete'),
  group(/^max-delete-size$/, 'deletions are limited by their number', null),
  group(
    /^(?:backup-dir|suffix(?:-.*)?)$/,
    'it moves what would be deleted or replaced',
    'use spec.safety.backupFolder',
  ),
  group(/^(?:log-.*|syslog.*|verbose|quiet|use-json-log|stats.*|progress.*)$/, readsLogs, 'use `cloudsync logs NAME`'),
  group(/^(?:dump.*|human-readable|cpuprofile|memprofile)$/, readsLogs, null),
  group(
    /^dry-run$/,
    'every run of the task would do nothing and be called a success',
    'use `cloudsync run NAME --dry-run`',
  ),
  group(/^retries$/, ownField, 'use spec.retry.limit'),
  group(/^retries-sleep$/, ownField, 'use spec.retry.backoff'),
  group(/^max-duration$/, ownField, 'use spec.timeout'),
  group(/^error-on-no-transfer$/, 'a run with nothing to do is a success', null),
  group(/^transfers$/, ownField, 'use spec.transfers'),
  group(/^bwlimit$/, ownField, 'use spec.bandwidthLimit'),
  group(/^bwlimit-file$/, 'the bandwidth is limited for the whole run', null),
  group(/^copy-links$/, ownField, 'use spec.followSymlinks'),
  group(/^skip-links$/, 'links are skipped anyway, and a run says how many', null),
  group(/^(?:local-)?links$/, 'it stores links as files that only rclone can turn back into links', null),
  group(/^create-empty-src-dirs$/, ownField, 'use spec.createEmptySourceDirectories'),
  group(/^delete-empty-src-dirs$/, ownField, 'use spec.deleteEmptySourceDirectories, with MOVE'),
  group(/^fast-list$/, ownField, 'use spec.fastList'),
  group(/^(?:azureblob|b2|drive|dropbox|onedrive|s3|swift)-chunk-size$/, ownField, 'use spec.uploadChunkSize'),
  group(/^(?:compare-dest|copy-dest)$/, 'it reads another place than the task names', null),
  group(/^header(?:-.*)?$/, 'headers may hold secrets, which do not belong into a manifest or on a command line', null),
  group(
    /^(?:no-check-certificate|ca-cert)$/,
    'it changes which servers are trusted',
    'set SSL_CERT_FILE for the daemon to a file with the certificate of the server',
  ),
  group(/^(?:client-cert|client-key)$/, 'it changes who the run is to servers', null),
  group(/^crypt-/, 'it changes what encrypted files look like', 'use spec.encryption'),
  group(/^local-/, 'it changes how local files are read', null),
  group(
    /^(?:s3|b2|box|dropbox|ftp|gcs|drive|gphotos|http|mega|azureblob|azurefiles|onedrive|swift|pcloud|sftp|storj|webdav|yandex)-/,
    'it is an option of the remote',
    providerHint,
  ),
];

function group(names: RegExp, reason: string, hint: string | null): Group {
  return { names, reason, hint };
}
