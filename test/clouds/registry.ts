import { azureblob } from './azureblob.ts';
import type { CloudKind } from './cloud.ts';
import { fakeKind } from './fake-kind.ts';
import { startB2 } from './fakes/b2.ts';
import { startBox } from './fakes/box.ts';
import { startDrive } from './fakes/drive.ts';
import { startDropbox } from './fakes/dropbox.ts';
import { startGoogleCloudStorage } from './fakes/google-cloud-storage.ts';
import { startMega } from './fakes/mega.ts';
import { startOneDrive } from './fakes/onedrive.ts';
import { startPcloud } from './fakes/pcloud.ts';
import { startSwift } from './fakes/swift.ts';
import { startWebdav } from './fakes/webdav.ts';
import { startYandex } from './fakes/yandex.ts';
import { local } from './local.ts';
import { s3 } from './s3.ts';
import { storjIx } from './s3-by-tls.ts';
import { sftpByKey, sftpByPassword } from './sftp.ts';
import { sshdByKey, sshdByPassword } from './sshd.ts';
import { ftpByTls, ftpPlain } from './vsftpd.ts';
import { webdav } from './webdav.ts';

/** Everything that the suite of providers and the search for leaked secrets run against. */
export const cloudKinds: readonly CloudKind[] = [local, webdav, sftpByPassword, sftpByKey, s3];

export const dropbox = fakeKind({ name: 'dropbox', provider: 'dropbox', file: 'dropbox', start: startDropbox });

/** Those that live through one task after the other, in one place. */
export const lifeKinds: readonly CloudKind[] = [
  ...[azureblob, ftpByTls, ftpPlain, sshdByKey, sshdByPassword, storjIx, dropbox],
  fakeKind({ name: 'b2', provider: 'b2', file: 'b2', bucket: 'family-files', start: startB2 }),
  fakeKind({ name: 'box', provider: 'box', file: 'box', start: startBox }),
  fakeKind({ name: 'drive', provider: 'drive', file: 'drive', start: startDrive }),
  fakeKind({
    ...{ name: 'google-cloud-storage', provider: 'google-cloud-storage', file: 'google-cloud-storage' },
    ...{ bucket: 'family-files', start: startGoogleCloudStorage },
  }),
  fakeKind({ name: 'mega', provider: 'mega', file: 'mega', start: startMega }),
  fakeKind({ name: 'onedrive', provider: 'onedrive', file: 'onedrive', start: startOneDrive }),
  fakeKind({ name: 'pcloud', provider: 'pcloud', file: 'pcloud', start: startPcloud }),
  fakeKind({ name: 'swift, TempAuth', provider: 'swift', file: 'swift', bucket: 'family', start: () => startSwift() }),
  fakeKind({
    ...{ name: 'swift, Keystone', provider: 'swift', file: 'swift', bucket: 'family' },
    start: () => startSwift({ authentication: 'Keystone' }),
  }),
  fakeKind({ name: 'webdav, Nextcloud', provider: 'webdav', file: 'webdav', start: () => startWebdav() }),
  fakeKind({
    ...{ name: 'webdav, plain', provider: 'webdav', file: 'webdav', start: () => startWebdav({ vendor: 'other' }) },
  }),
  fakeKind({ name: 'yandex', provider: 'yandex', file: 'yandex', start: startYandex }),
];
