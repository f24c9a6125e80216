import type { Provider } from '../model/provider.ts';
import { azureblob } from './azureblob.ts';
import { b2 } from './b2.ts';
import { box } from './box.ts';
import { drive } from './drive.ts';
import { dropbox } from './dropbox.ts';
import { ftp } from './ftp.ts';
import { googleCloudStorage } from './google-cloud-storage.ts';
import { googlePhotos } from './google-photos.ts';
import { http } from './http.ts';
import { local } from './local.ts';
import { mega } from './mega.ts';
import { onedrive } from './onedrive.ts';
import { pcloud } from './pcloud.ts';
import { s3 } from './s3.ts';
import { sftp } from './sftp.ts';
import { storjIx } from './storj-ix.ts';
import { swift } from './swift.ts';
import { webdav } from './webdav.ts';
import { yandex } from './yandex.ts';

/** Every provider by the name that a credential gives it, sorted. */
export const providers: ReadonlyMap<string, Provider> = new Map(
  [
    ...[azureblob, b2, box, drive, dropbox, ftp, googleCloudStorage, googlePhotos, http, local],
    ...[mega, onedrive, pcloud, s3, sftp, storjIx, swift, webdav, yandex],
  ].map((provider) => [provider.name, provider]),
);

export function findProvider(name: string): Provider | null {
  return providers.get(name) ?? null;
}
