import { maskCredentials } from './mask.ts';

/** Causes that people meet, in words that they can act on. `$1` is what the pattern found; first match wins. */
const known: readonly (readonly [RegExp, string])[] = [
  [/dial tcp: lookup (\S+?)(?: on \S+)?: no such host/, 'could not find a server named $1 (no such host)'],
  [/dial tcp: lookup (\S+?)(?: on \S+)?: (.+)$/, 'could not find a server named $1 ($2)'],
  [/dial tcp (\S+): (?:connect: )?i\/o timeout/, 'could not connect to $1 (timed out)'],
  [/dial tcp (\S+): connect: (.+)$/, 'could not connect to $1 ($2)'],
  [/^(.*?)(?:: )?no space left on device/, 'the disk is full ($1: no space left on device)'],
  [/^(.*?)(?:: )?disk quota exceeded/, 'the disk quota is used up ($1: disk quota exceeded)'],
  [
    /no common algorithm for host key; (?:client|we) offered: \[([^\]]*)\], (?:server|peer) offered: \[([^\]]*)\]/,
    'the SSH server shows no host key of a kind that the credential lists ($1), only of others ($2)',
  ],
  [
    /knownhosts: key mismatch/,
    'the host key that the SSH server showed is none of those that the credential lists: it is another key, or one of another kind (knownhosts: key mismatch)',
  ],
  [/knownhosts: key is unknown/, 'the credential lists no host key of this SSH server (knownhosts: key is unknown)'],
  [/ssh: unable to authenticate/, 'the SSH server refused the login (unable to authenticate)'],
  [/x509: (.+)$/, 'the certificate of the server was not accepted (x509: $1)'],
  // The answer of the cloud comes on the next line.
  [/\b(invalid_grant|maybe (?:it has|token) expired)\b/, 'the login was withdrawn or has run out ($1)'],
  [/\b(401 [A-Z]\w+)/, 'the server refused the user name or password ($1)'],
  [/\b(InvalidAccessKeyId|SignatureDoesNotMatch)\b/, 'the server refused the access key ($1)'],
  [/\b(ExpiredToken)\b/, 'the login has expired ($1)'],
  [
    /\b(RequestTimeTooSkewed)\b/,
    'the clock of this machine differs from that of the server ($1); check the time and the time zone',
  ],
  [/\b(NoSuchBucket)\b/, 'there is no such bucket ($1); check its name and the region'],
  [
    /\brestricted_content\b/,
    'Dropbox does not hand out this file because its content is restricted (restricted_content); exclude it',
  ],
  // rclone makes the parts large enough by itself, except for a file whose size it is not told before the end of it.
  [
    /Part number must be an integer between 1 and (\d+)|makes too many parts \d+ > (\d+)/,
    'the file needs more parts than the $1$2 that the provider takes; give spec.uploadChunkSize a larger value',
  ],
  [
    /[Ss]tatus ?[Cc]ode: 403\b/,
    'the server refused access (403 Forbidden); check the key, what it may do, and the names of bucket and folder',
  ],
  [/[Ss]tatus ?[Cc]ode: (429|5\d\d)\b/, 'the server is too busy or out of order for now (status $1)'],
  [/[Ss]tatus ?[Cc]ode: (\d+),.* api error (.+)$/, 'the server answered: $2 (status $1)'],
  [/^(\w+: .+?) status code: (\d+), request id: .*$/, 'the server answered: $1 (status $2)'],
  [/didn't find backend called "([^"]*)"/, 'this build of rclone has no backend "$1"; install one that has it'],
  [/didn't find section in config file/, 'rclone knows no remote of this name (no section in its configuration)'],
  [/unknown (?:shorthand )?flag: (.+)$/, 'this version of rclone does not know the flag $1'],
  [/^Listing error: symlink: stat .*: no such file/, 'this symbolic link points to nothing'],
  [/^Listing error: symlink: stat .*: too many levels/, 'this symbolic link leads back to a folder above itself'],
  [
    // S3, from 1.69 on, when neither the file nor the folder could be asked for.
    /^Failed to create file system for "\w+:[^"]*": is a file not a directory/,
    'the server gave no answer about the folder, or there is a file in its place (is a file not a directory)',
  ],
  [/^skipping because of error: (?:failed to stat: )?(.+)$/, 'the server lists it and did not show it ($1)'],
  [/^Ignoring item with bad status \[?"?(.+?)"?\]?$/, 'the server lists it and did not show it ($1)'],
  [/^Item with unknown path received: /, 'the server lists it under an address that is not that of the folder'],
  [/is a file not a directory/, 'a directory was expected, and a file was found (is a file not a directory)'],
  [
    /--max-delete threshold reached/,
    'more files would be deleted than the task allows (--max-delete threshold reached)',
  ],
  [/error reading source root directory: directory not found/, 'the source directory was not found'],
  [/^error reading (source|destination) root directory: (.+)$/, 'the $1 could not be listed ($2)'],
];

/** Go and rclone put where they were in front of what happened. */
const noise =
  /^(?:Failed to create file system for "[^"]*": (?!is a file)|Failed to \w+(?: with \d+ errors)?: |last error was: |Fatal error: |Error: |NewFs: |read metadata failed: |couldn't connect SSH: |Couldn't \w+: |failed to make directory: |error listing: |error in ListJSON: )/;

/** rclone writes a file under such a name until it is whole, and people look for the name of the file. */
const partial = /\.[0-9a-z]{6,10}\.partial\b/g;

/** One line that says what happened, without credentials. */
export function readableError(text: string): string {
  const plain = maskCredentials(withoutNoise(text.replace(/\s+/g, ' ').replace(partial, '').trim()));
  const found = known.flatMap(([pattern, sentence]) => {
    const match = pattern.exec(plain);
    return match === null ? [] : [sentence.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')];
  });
  return found[0] ?? plain;
}

function withoutNoise(text: string): string {
  const rest = text.replace(noise, '');
  return rest === text || rest === '' ? text : withoutNoise(rest);
}
