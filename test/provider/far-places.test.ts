import { describe, expect, test } from 'vitest';
import type { CredentialSpec, OptionValue } from '../../src/model/credential.ts';
import { placeByName } from '../../src/place/named-place.ts';
import { relationOf } from '../../src/place/place.ts';
import { parseSections } from '../../src/place/rclone-sections.ts';
import { farPlaces } from '../../src/provider/far-places.ts';
import { remoteLocation } from '../helper/build.ts';

type Written = readonly [provider: string, options: Record<string, OptionValue>, folder?: string, bucket?: string];

function places([provider, options, folder = 'photos', bucket]: Written) {
  const credential: CredentialSpec = { provider, options };
  return farPlaces(remoteLocation({ folder, bucket: bucket ?? null }), credential, new Map());
}

function relate(one: Written, other: Written) {
  const [left] = places(one);
  const [right] = places(other);
  if (left === undefined || right === undefined) throw new Error('Internal error: no place');
  const read = (place: typeof left) => (place.kind === 'path' ? placeByName(place.path) : place);
  return relationOf(read(left), read(right));
}

const key = (name: string): OptionValue => ({ fromEnv: name });
const bucket = (provider: string, options: Record<string, OptionValue>, name = 'family', folder = ''): Written => [
  provider,
  options,
  folder,
  name,
];

describe('two credentials', () => {
  test.each<[string, Written, Written, string]>([
    [
      'S3, another key and class',
      bucket('s3', { access_key_id: key('A'), storage_class: 'GLACIER' }),
      bucket('s3', { access_key_id: key('B') }),
      'same',
    ],
    [
      'S3, another region',
      bucket('s3', { region: 'eu-central-1' }),
      bucket('s3', { endpoint: 'https://s3.eu-west-1.amazonaws.com/' }),
      'same',
    ],
    ['S3, China', bucket('s3', { region: 'cn-north-1' }), bucket('s3', { region: 'eu-central-1' }), 'apart'],
    ['S3, two buckets', bucket('s3', {}, 'a'), bucket('s3', {}, 'b'), 'apart'],
    [
      'S3, a slash and a port',
      bucket('s3', { endpoint: 'https://MinIO.example.org:443/' }),
      bucket('s3', { endpoint: 'http://minio.example.org.' }),
      'same',
    ],
    ['S3, two servers', bucket('s3', { endpoint: 'minio-a' }), bucket('s3', { endpoint: 'minio-b' }), 'apart'],
    [
      'S3, two ports',
      bucket('s3', { endpoint: 'http://nas:9000' }),
      bucket('s3', { endpoint: 'http://nas:9001' }),
      'apart',
    ],
    [
      'S3, loopback',
      bucket('s3', { endpoint: 'http://127.0.0.1:9000' }),
      bucket('s3', { endpoint: 'http://localhost:9000' }),
      'same',
    ],
    ['S3, a folder in it', bucket('s3', {}), bucket('s3', {}, 'family', '/a/b/'), 'contains'],
    ['Storj by both names', bucket('storj-ix', {}), bucket('s3', { endpoint: 'gateway.storjshare.io' }), 'same'],
    [
      'Backblaze by both APIs',
      bucket('b2', { account: 'a' }),
      bucket('s3', { endpoint: 's3.us-west-004.backblazeb2.com' }),
      'same',
    ],
    [
      'Google by both APIs',
      bucket('google-cloud-storage', {}),
      bucket('s3', { endpoint: 'https://storage.googleapis.com' }),
      'same',
    ],
    [
      'Backblaze, another key',
      bucket('b2', { account: 'a', hard_delete: true }),
      bucket('b2', { account: 'b' }),
      'same',
    ],
    [
      'Azure, one account',
      bucket('azureblob', { account: 'x', key: key('A') }),
      bucket('azureblob', { account: 'x', use_msi: true }),
      'same',
    ],
    ['Azure, two accounts', bucket('azureblob', { account: 'x' }), bucket('azureblob', { account: 'y' }), 'apart'],
    [
      'Azure, a signed address',
      bucket('azureblob', { sas_url: key('U') }),
      bucket('azureblob', { account: 'y' }),
      'unknown',
    ],
    [
      'Swift, one tenant',
      bucket('swift', { auth: 'https://a/v3', tenant: 't', user: 'u' }),
      bucket('swift', { auth: 'https://A./v3/', tenant: 't', user: 'v' }),
      'same',
    ],
    [
      'Swift, two tenants',
      bucket('swift', { auth: 'https://a/v3', tenant: 't' }),
      bucket('swift', { auth: 'https://a/v3', tenant: 's' }),
      'apart',
    ],
    [
      'WebDAV, a slash at the end',
      ['webdav', { url: 'https://nas/dav', user: 'u' }],
      ['webdav', { url: 'http://NAS:80/dav/', user: 'u' }],
      'same',
    ],
    [
      'WebDAV, two logins',
      ['webdav', { url: 'https://nas/dav', user: 'u' }],
      ['webdav', { url: 'https://nas/dav', user: 'v' }],
      'unknown',
    ],
    [
      'WebDAV, the folder in the address',
      ['webdav', { url: 'https://nas/dav/photos', user: 'u' }, ''],
      ['webdav', { url: 'https://nas/dav', user: 'u' }],
      'same',
    ],
    [
      'Nextcloud by both addresses',
      ['webdav', { url: 'https://c/remote.php/webdav', user: 'u' }],
      ['webdav', { url: 'https://c/remote.php/dav/files/u', user: 'u' }],
      'same',
    ],
    [
      'SFTP, one root',
      ['sftp', { host: 'nas', user: 'u' }, '/tank'],
      ['sftp', { host: 'NAS.', user: 'u', pass: key('P') }, '/tank/a'],
      'contains',
    ],
    [
      'SFTP, the root of two logins',
      ['sftp', { host: 'nas', user: 'u' }, '/tank'],
      ['sftp', { host: 'nas', user: 'v' }, '/tank'],
      'unknown',
    ],
    [
      'SFTP, the home by its path',
      ['sftp', { host: 'nas', user: 'u' }, '/home/u/photos'],
      ['sftp', { host: 'nas', user: 'u' }, 'photos'],
      'unknown',
    ],
    [
      'SFTP, elsewhere than the home',
      ['sftp', { host: 'nas', user: 'u' }, '/tank/music'],
      ['sftp', { host: 'nas', user: 'u' }, 'photos'],
      'apart',
    ],
    ['Dropbox, two tokens', ['dropbox', { token: key('A') }], ['dropbox', { token: key('B') }, 'Photos/a'], 'unknown'],
    ['Dropbox, one token', ['dropbox', { token: key('A') }], ['dropbox', { token: key('A') }, 'PHOTOS'], 'same'],
    [
      'Drive, a shared drive',
      ['drive', { team_drive: 'x', token: key('A') }],
      ['drive', { team_drive: 'x', token: key('B') }],
      'same',
    ],
    ['Drive, two shared drives', ['drive', { team_drive: 'x' }], ['drive', { team_drive: 'y' }], 'apart'],
    [
      'Drive, two roots',
      ['drive', { root_folder_id: 'x', token: key('A') }],
      ['drive', { root_folder_id: 'y', token: key('A') }],
      'apart',
    ],
    [
      'OneDrive, one drive',
      ['onedrive', { drive_id: 'B!x', token: key('A') }],
      ['onedrive', { drive_id: 'b!X', token: key('B') }],
      'same',
    ],
    [
      'a backend of rclone alone',
      ['smb', { host: 'nas', user: 'u' }, 'Share/a'],
      ['smb', { host: 'NAS', user: 'v' }, 'share'],
      'unknown',
    ],
    ['two services', ['dropbox', { token: key('A') }], ['box', { token: key('A') }], 'apart'],
    ['this machine', ['local', { root: '/data' }], ['local', { root: '/data/photos' }, ''], 'same'],
  ])('%s', (_, one, other, expected) => {
    const reverse: Record<string, string> = { contains: 'inside', inside: 'contains' };
    expect(relate(one, other)).toBe(expected);
    expect(relate(other, one)).toBe(reverse[expected] ?? expected);
  });
});

describe('a section of rclone.conf', () => {
  const sections = parseSections(
    [
      ...['[nas]', 'type = sftp', 'host = NAS.', 'user = u', '', '[short]', 'type = alias', 'remote = nas:/tank'],
      ...['[secret]', 'type = crypt', 'remote = short:kept', '[here]', 'type = local', '[all]', 'type = union'],
      ...['upstreams = /mnt/a here:/mnt/b:ro', '[loop]', 'type = alias', 'remote = loop:x', '[odd]', 'type = crypt'],
      ...['remote = :sftp,host=x:'],
    ].join('\n'),
  );
  const at = (rcloneRemote: string, folder: string) =>
    farPlaces(remoteLocation({ credential: null, rcloneRemote, folder }), null, sections ?? new Map());
  const [nas] = places(['sftp', { host: 'nas', user: 'u' }, '/tank/kept']);

  test.each([
    ['nas', '/tank/kept'],
    ['short', 'kept'],
    ['secret', ''],
    ['secret', 'any/name'],
  ])('is what it leads to: %s:%s', (name, folder) => {
    expect(at(name, folder)).toEqual([nas]);
  });

  test('may join several places', () => {
    expect(at('all', 'x')).toEqual([
      { kind: 'path', path: '/mnt/a/x' },
      { kind: 'path', path: '/mnt/b/x' },
    ]);
  });

  test.each(['loop', 'odd', 'absent'])('of which nothing is known may be any: %s', (name) => {
    expect(at(name, '')).toMatchObject([{ service: 'rclone.conf', marks: [{ known: false }] }]);
  });

  test('is not read from an encrypted file', () => {
    expect(parseSections('# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabc')).toBeNull();
  });
});
