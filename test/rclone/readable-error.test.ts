import { expect, test } from 'vitest';
import { readableError } from '../../src/rclone/readable-error.ts';

test.each([
  [
    'failed to get root: Get "https://x.example/": couldn\'t fetch token - maybe it has expired? - refresh with "rclone config reconnect remote:"',
    'the login was withdrawn or has run out (maybe it has expired)',
  ],
  [
    'error listing: oauth2: cannot fetch token: 400 Bad Request Response: {"error":"invalid_grant"}',
    'the login was withdrawn or has run out (invalid_grant)',
  ],
  [
    'Failed to create file system for "w:x": read metadata failed: Propfind "http://127.0.0.1:9/dav/x": dial tcp 127.0.0.1:9: connect: connection refused',
    'could not connect to 127.0.0.1:9 (connection refused)',
  ],
  ['dial tcp 192.0.2.1:22: i/o timeout', 'could not connect to 192.0.2.1:22 (timed out)'],
  ['dial tcp [::1]:9: connect: network is unreachable', 'could not connect to [::1]:9 (network is unreachable)'],
  [
    'Propfind "http://no.invalid/x": dial tcp: lookup no.invalid on 10.0.0.1:53: no such host',
    'could not find a server named no.invalid (no such host)',
  ],
  [
    'dial tcp: lookup a.example on 10.0.0.1:53: server misbehaving',
    'could not find a server named a.example (server misbehaving)',
  ],
  ['Failed to copy: write /mnt/a: no space left on device', 'the disk is full (write /mnt/a: no space left on device)'],
  ['write /a: disk quota exceeded', 'the disk quota is used up (write /a: disk quota exceeded)'],
  [
    'Failed to create file system for "w:x": read metadata failed: Unauthorized: 401 Unauthorized',
    'the server refused the user name or password (401 Unauthorized)',
  ],
  [
    'Failed to create file system for "m:x": didn\'t find backend called "mega"',
    'this build of rclone has no backend "mega"; install one that has it',
  ],
  ['Fatal error: unknown flag: --bogus', 'this version of rclone does not know the flag --bogus'],
  [
    `NewFs: couldn't connect SSH: ssh: handshake failed: ssh: no common algorithm for host key; we offered: ["ssh-rsa"], peer offered: ["ssh-ed25519"]`,
    'the SSH server shows no host key of a kind that the credential lists ("ssh-rsa"), only of others ("ssh-ed25519")',
  ],
  [
    "NewFs: couldn't connect SSH: ssh: handshake failed: knownhosts: key mismatch",
    'the host key that the SSH server showed is none of those that the credential lists: it is another key, or one of another kind (knownhosts: key mismatch)',
  ],
  [
    'Failed to sync with 2 errors: last error was: failed to open source object: open /a: permission denied',
    'failed to open source object: open /a: permission denied',
  ],
  [
    'AccessDenied: no\n\tstatus code: 403, request id: 1',
    'the server refused access (403 Forbidden); check the key, what it may do, and the names of bucket and folder',
  ],
  [
    'operation error S3: PutObject, https response error StatusCode: 400, RequestID: , HostID: , api error Odd: wrong',
    'the server answered: Odd: wrong (status 400)',
  ],
  [
    'multipart upload failed to upload part: InvalidArgument: Part number must be an integer between 1 and 1000, inclusive status code: 400, request id: , host id:',
    'the file needs more parts than the 1000 that the provider takes; give spec.uploadChunkSize a larger value',
  ],
  [
    'Failed to copy: "a.tar" too big (50000000000 bytes so far) makes too many parts 10001 > 10000 - increase --b2-chunk-size',
    'the file needs more parts than the 10000 that the provider takes; give spec.uploadChunkSize a larger value',
  ],
  [
    'SlowDown: Please reduce your request rate. status code: 503, request id: , host id:',
    'the server is too busy or out of order for now (status 503)',
  ],
  ['Listing error: symlink: stat /a/l: no such file or directory', 'this symbolic link points to nothing'],
  [
    'Listing error: symlink: stat /a/l/l: too many levels of symbolic links',
    'this symbolic link leads back to a folder above itself',
  ],
  [
    'Failed to create file system for "far:photos/x": is a file not a directory',
    'the server gave no answer about the folder, or there is a file in its place (is a file not a directory)',
  ],
  [
    'Failed to create file system for "/mnt/x": is a file not a directory',
    'a directory was expected, and a file was found (is a file not a directory)',
  ],
  ['error reading destination root directory: odd', 'the destination could not be listed (odd)'],
  ['Get "https://u:p@host/$1": odd', 'Get "https://***@host/$1": odd'],
  ['error reading source root directory: directory not found', 'the source directory was not found'],
  ['Failed to sync: ', 'Failed to sync:'],
])('%s', (text, sentence) => {
  expect(readableError(text)).toBe(sentence);
});
