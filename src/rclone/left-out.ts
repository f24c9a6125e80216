import type { LogMessage } from './log-line.ts';

/**
 * What rclone's backends say at the level of debugging, and nowhere else, of an entry that they leave out of a listing
 * (1.60 to 1.75; the function of rclone that says it is named). `unreadable`: the entry may well be there. The first row
 * that fits decides.
 */
const rows: readonly Row[] = [
  // backend/http List: the index names a file, and the request for its size failed or found nothing.
  { backend: 'http', text: /^skipping because of error: /, means: 'unreadable' },
  // backend/webdav listAll: an item of the answer has a status of its own that is no success.
  { backend: 'webdav', text: /^Ignoring item with bad status/, means: 'unreadable' },
  // The same function: the folder itself without its slash, or a folder above it; some servers list these, too.
  { backend: 'webdav', text: /^Item with unknown path received: "(.*?)\/?", "\1\//, means: 'nothing' },
  // Anything else under another address, such as that behind a proxy, is an entry that is not listed.
  { backend: 'webdav', text: /^Item with unknown path received: "(?<name>.*)", "/, means: 'unreadable' },
  // backend/box listAll: a bookmark, which has no content.
  { backend: 'box', text: /^Ignoring ".*" - unknown type "/, means: 'nothing' },
  // backend/drive newObjectWithInfo: an option asks for it, or there is no content, as in a form.
  { backend: 'drive', text: /^Ignoring (?:shortcut as|unknown document type)/, means: 'nothing' },
  // backend/onedrive itemToDirEntry: a notebook, which cannot be downloaded.
  { backend: 'onedrive', text: /^OneNote file not shown in directory listing/, means: 'nothing' },
  // backend/yandex itemToDirEntry: something that is neither a file nor a folder; the service has no such thing.
  { backend: 'yandex', text: /^Unknown resource type/, means: 'nothing' },
  // backend/azureblob and backend/b2 list: a key that does not lie below the folder that was asked for.
  { backend: 'azureblob', text: /^Odd (?:directory )?name received/, means: 'nothing' },
  { backend: 'b2', text: /^Odd name received/, means: 'nothing' },
];

interface Row {
  readonly backend: string;
  /** `name`: the entry, where the message is not about one. */
  readonly text: RegExp;
  readonly means: 'unreadable' | 'nothing';
}

/** Backends whose listings were read through: whatever they leave out and could be there, they say aloud. */
const outspoken: readonly string[] = [
  ...['azureblob', 'b2', 'box', 'crypt', 'drive', 'dropbox', 'ftp', 'google cloud storage', 'google photos', 'local'],
  ...['mega', 'onedrive', 'pcloud', 's3', 'sftp', 'storj', 'swift', 'yandex'],
];

/** Whether a backend may leave out what could be there and say so only at the level of debugging. */
export function leavesOutQuietly(backend: string): boolean {
  return !outspoken.includes(backend);
}

/** The path of the entry that rclone has left out of a listing though it may be there; `null`: the line says nothing of the kind. */
export function leftOut({ level, text, object, wholeRemote }: LogMessage): string | null {
  if (level !== 'debug') return null;
  for (const row of rows) {
    const found = row.text.exec(text);
    if (found === null) continue;
    if (row.means === 'nothing') return null;
    const named = object === null || object === '' || wholeRemote ? null : object;
    return named ?? found.groups?.['name'] ?? '.';
  }
  return null;
}
