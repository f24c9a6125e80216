import type { CloudKind } from './cloud.ts';
import { local } from './local.ts';
import { s3 } from './s3.ts';
import { sftpByKey, sftpByPassword } from './sftp.ts';
import { webdav } from './webdav.ts';

/** Everything that the suite of providers and the search for leaked secrets run against. */
export const cloudKinds: readonly CloudKind[] = [local, webdav, sftpByPassword, sftpByKey, s3];
