import { describe, expect, test } from 'vitest';
import type { Provider } from '../../src/model/provider.ts';
import { googleCloudStorage } from '../../src/provider/google-cloud-storage.ts';
import { local } from '../../src/provider/local.ts';
import { resolveRemote } from '../../src/provider/resolve-remote.ts';
import { s3 } from '../../src/provider/s3.ts';
import { sftp } from '../../src/provider/sftp.ts';
import { storjIx } from '../../src/provider/storj-ix.ts';
import { webdav } from '../../src/provider/webdav.ts';
import { remoteLocation } from '../helper/build.ts';

function pathOf(provider: Provider, options: Record<string, string>, bucket: string | null, folder: string): string {
  const resolved = resolveRemote(provider, options, remoteLocation({ bucket, folder }));
  return resolved.ok ? resolved.value.path : `refused: ${resolved.error}`;
}

function optionsOf(provider: Provider, options: Record<string, string>): Readonly<Record<string, string>> {
  const resolved = resolveRemote(provider, options, remoteLocation({ bucket: 'b', folder: '' }));
  if (!resolved.ok) throw new Error(resolved.error);
  return resolved.value.options;
}

describe('a local directory', () => {
  test.each([
    ['', '/mnt/backup'],
    ['photos', '/mnt/backup/photos'],
    ['/photos', '/mnt/backup/photos'],
    ['a/../photos', '/mnt/backup/photos'],
    ['..photos', '/mnt/backup/..photos'],
    ['a/..', '/mnt/backup'],
  ])('folder %j lies below the root', (folder, path) => {
    expect(pathOf(local, { root: '/mnt/backup' }, null, folder)).toBe(path);
  });

  test.each(['..', '../other', 'a/../../other', '/../other', '../backup-of-others'])(
    'folder %j is refused, for it leads out of the root',
    (folder) => {
      expect(pathOf(local, { root: '/mnt/backup' }, null, folder)).toContain('leads out of /mnt/backup');
    },
  );

  test('the root must be absolute, and there', () => {
    expect(pathOf(local, { root: 'backup' }, null, '')).toContain('Expected an absolute directory as root');
    expect(pathOf(local, {}, null, '')).toContain('found ""');
  });

  test('the root is no option of rclone', () => {
    expect(resolveRemote(local, { root: '/mnt' }, remoteLocation({ folder: '' }))).toEqual({
      ok: true,
      value: { type: 'local', options: {}, obscured: [], path: '/mnt', files: [] },
    });
  });
});

describe('a bucket', () => {
  test.each([
    ['bucket', 'photos', 'bucket/photos'],
    ['bucket', '/photos/2026/', 'bucket/photos/2026'],
    ['bucket', '', 'bucket'],
    ['bucket', '/', 'bucket'],
    [null, 'bucket/photos', 'bucket/photos'],
  ])('%j with folder %j', (bucket, folder, path) => {
    expect(pathOf(s3, {}, bucket, folder)).toBe(path);
  });

  test.each(['../other-bucket', 'a/./b', '..'])('folder %j is refused', (folder) => {
    expect(pathOf(s3, {}, 'bucket', folder)).toContain('Expected the path inside the bucket');
  });
});

describe('a server with directories', () => {
  test('that is not known is refused', () => {
    expect(pathOf(sftp, { host: 'nas' }, null, 'backup')).toContain('refused: The key of the SFTP server is not known');
  });

  test.each(['', '/srv/backup', 'backup', '../shared'])('folder %j stays as it was written', (folder) => {
    expect(pathOf(sftp, { accept_unknown_host_key: 'true' }, null, folder)).toBe(folder);
  });
});

describe('options', () => {
  test('that are empty are left out', () => {
    expect(optionsOf(webdav, { url: 'https://example.com', user: '' })).toEqual({ url: 'https://example.com' });
  });

  test('that a provider fixes win', () => {
    expect(optionsOf({ ...webdav, fixed: { vendor: 'other' } }, { vendor: 'nextcloud' })).toEqual({ vendor: 'other' });
  });

  test('that rclone wants obscured are named, where they are set', () => {
    const given = { host: 'h', pass: 'p', key_file_pass: '', known_hosts_file: '/etc/known' };
    const resolved = resolveRemote(sftp, given, remoteLocation());
    expect(resolved.ok && resolved.value.obscured).toEqual(['pass']);
  });

  test('of Storj are those of S3 at its gateway', () => {
    expect(optionsOf(storjIx, { access_key_id: 'a', secret_access_key: 's' })).toEqual({
      ...{ access_key_id: 'a', secret_access_key: 's', provider: 'Other', endpoint: 'https://gateway.storjshare.io' },
      ...{ chunk_size: '64Mi', upload_cutoff: '64Mi', disable_http2: 'true' },
    });
  });

  test.each([
    [{ service_account_credentials: '{"project_id":"p-1"}' }, 'p-1'],
    [{ service_account_credentials: '{"project_id":"p-1"}', project_number: '7' }, '7'],
    [{ service_account_credentials: '{"project_id":1}' }, undefined],
    [{ service_account_credentials: 'null' }, undefined],
    [{ service_account_credentials: 'no JSON' }, undefined],
    [{ service_account_file: '/key' }, undefined],
  ])('project of Google Cloud Storage with %j: %j', (options: Record<string, string>, project) => {
    const { project_number: found } = optionsOf(googleCloudStorage, options);
    expect(found).toBe(project);
  });

  test('S3 without a provider is AWS, or Other at an endpoint', () => {
    expect(optionsOf(s3, {})).toEqual({ provider: 'AWS' });
    expect(optionsOf(s3, { endpoint: 'minio:9000' })).toEqual({ provider: 'Other', endpoint: 'minio:9000' });
    expect(optionsOf(s3, { provider: 'Minio' })).toEqual({ provider: 'Minio' });
  });

  test.each([
    [{ endpoint: 'https://s3.fr-par.scw.cloud' }, '1000'],
    [{ endpoint: 's3.fr-par.scw.cloud:443/x' }, '1000'],
    [{ provider: 'Scaleway' }, '1000'],
    [{ provider: 'Scaleway', max_upload_parts: '10000' }, '1000'],
    [{ provider: 'Scaleway', max_upload_parts: '500' }, '500'],
    [{ endpoint: 'https://not-scw.cloud.example.com' }, undefined],
    [{ provider: 'AWS', max_upload_parts: '5000' }, '5000'],
  ])('parts of an upload with %j: %j', (options: Record<string, string>, parts) => {
    const { max_upload_parts: found } = optionsOf(s3, options);
    expect(found).toBe(parts);
  });
});
