import type { RemoteLocation } from '../model/task.ts';
import { errorAt, errorAtKey, type Finding } from './finding.ts';
import { quoted } from './found-value.ts';
import type { WrittenRemote } from './written-task.ts';

export function normalizeRemote(written: WrittenRemote, findings: Finding[]): RemoteLocation {
  const { credential = null, rcloneRemote = null, bucket = null, folder = '', options = {} } = written;
  if (credential === null && rcloneRemote === null) {
    const hint = 'name a CloudCredential of the tasks directory, for example credential: backblaze';
    findings.push(errorAtKey('CS011', ['spec', 'remote'], 'spec.remote needs the key "credential"', hint));
  }
  if (credential !== null && rcloneRemote !== null) {
    const message = 'spec.remote names both a credential and a section of rclone.conf';
    findings.push(errorAtKey('CS012', ['spec', 'remote', 'rcloneRemote'], message, 'keep one of the two'));
  }
  if (rcloneRemote !== null && bucket !== null) {
    const message = 'spec.remote.bucket cannot be used with rcloneRemote, where a bucket is the first part of the path';
    findings.push(
      errorAtKey('CS012', ['spec', 'remote', 'bucket'], message, `write folder: ${quoted(`${bucket}/${folder}`)}`),
    );
  }
  if (rcloneRemote !== null && Object.keys(options).length > 0) {
    const message = 'spec.remote.options cannot be used with rcloneRemote, whose options are those of its section';
    findings.push(errorAtKey('CS012', ['spec', 'remote', 'options'], message, 'set them in rclone.conf'));
  }
  if (folder.split('/').includes('..')) {
    const message = 'spec.remote.folder must not lead upwards with ..';
    findings.push(errorAt('CS016', ['spec', 'remote', 'folder'], message, 'write the folder as seen from the root'));
  }
  const location = { credential, rcloneRemote, bucket, folder: withoutSlashesAtEnd(folder) };
  return Object.keys(options).length === 0 ? location : { ...location, options };
}

/** A lone slash stays: to SFTP and FTP it is the root and not the home folder. */
function withoutSlashesAtEnd(folder: string): string {
  let end = folder.length;
  while (end > 1 && folder[end - 1] === '/') end -= 1;
  return folder.slice(0, end);
}
