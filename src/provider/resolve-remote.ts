import { posix } from 'node:path';
import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { RemoteLocation } from '../model/task.ts';
import { withProject } from './google-project.ts';
import { sftpSettings } from './sftp-settings.ts';

/** A remote as rclone is told of it: a backend with its options, and a path on it. Holds secrets. */
export interface ResolvedRemote {
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
  /** Options whose value rclone expects in its obscured form; here they are still plain. */
  readonly obscured: readonly string[];
  readonly path: string;
  /** Files that rclone must find for this remote. The option is to be set to the path of each, once it is written. */
  readonly files: readonly RemoteFile[];
}

export interface RemoteFile {
  readonly option: string;
  readonly content: string;
}

/**
 * Joins what a credential and a task say of a remote. `options` are those of the credential, as text, with secrets
 * already read. Fails with a sentence where the folder leads out of what the credential or bucket gives access to, and
 * where an SFTP server is not to be told from another.
 */
export function resolveRemote(
  provider: Provider,
  options: Readonly<Record<string, string>>,
  location: Pick<RemoteLocation, 'bucket' | 'folder'>,
): Result<ResolvedRemote, string> {
  const path = pathOf(provider, options, location);
  if (!path.ok) return path;
  const settings = settingsOf(provider, options);
  if (!settings.ok) return settings;
  const { options: resolved, files = [] } = settings.value;
  return ok({
    type: provider.rcloneType,
    options: resolved,
    obscured: Object.keys(resolved).filter((name) => provider.options[name]?.obscured === true),
    path: path.value,
    files,
  });
}

function pathOf(
  provider: Provider,
  options: Readonly<Record<string, string>>,
  { bucket, folder }: Pick<RemoteLocation, 'bucket' | 'folder'>,
): Result<string, string> {
  if (provider.name === 'local') return localPath(options, folder);
  // Whether a folder starts from the root or from the home directory of the login is for the server to say.
  if (!provider.buckets) return ok(folder);
  return bucketPath(bucket ?? '', folder);
}

function localPath({ root = '' }: Readonly<Record<string, string>>, folder: string): Result<string, string> {
  if (!posix.isAbsolute(root)) return err(`Expected an absolute directory as root, found ${JSON.stringify(root)}.`);
  const path = posix.join(root, folder);
  const fromRoot = posix.relative(root, path);
  if (fromRoot === '..' || fromRoot.startsWith('../')) {
    return err(`The folder ${JSON.stringify(folder)} leads out of ${root}. Expected a folder inside it.`);
  }
  return ok(path);
}

function bucketPath(bucket: string, folder: string): Result<string, string> {
  const inBucket = folder.replace(/^\/+|\/+$/g, '');
  // To a bucket these are names like any other, but rclone joins paths as a file system does.
  if (inBucket.split('/').some((part) => part === '..' || part === '.')) {
    return err(`The folder ${JSON.stringify(folder)} has a part "." or "..". Expected the path inside the bucket.`);
  }
  return ok([bucket, inBucket].filter((part) => part !== '').join('/'));
}

interface Settings {
  readonly options: Readonly<Record<string, string>>;
  readonly files?: readonly RemoteFile[];
}

function settingsOf(provider: Provider, options: Readonly<Record<string, string>>): Result<Settings, string> {
  const given = Object.entries(options).filter(([, value]) => value !== '');
  const all = Object.fromEntries([...given, ...Object.entries(provider.fixed)]);
  switch (provider.name) {
    case 'local':
      // Our own option: it is part of the path.
      return ok({ options: withoutRoot(all) });
    case 's3':
      return ok({ options: withServiceLimits(all) });
    case 'google-cloud-storage':
      return ok({ options: withProject(all) });
    case 'sftp':
      return sftpSettings(all);
    default:
      return ok({ options: all });
  }
}

function withoutRoot({ root: _, ...rest }: Record<string, string>): Record<string, string> {
  return rest;
}

function withServiceLimits(options: Record<string, string>): Record<string, string> {
  const { endpoint, max_upload_parts: wanted } = options;
  const named = { provider: endpoint === undefined ? 'AWS' : 'Other', ...options };
  const scaleway = named.provider === 'Scaleway' || /\.scw\.cloud(?=$|[:/])/i.test(endpoint ?? '');
  // Scaleway takes at most 1,000 parts, rclone plans with 10,000 and fails at the end of a long upload.
  const parts = Math.min(Number(wanted ?? 10_000), 1_000);
  return scaleway ? { ...named, max_upload_parts: String(parts) } : named;
}
