import { isSecretReference, type OptionValue } from '../model/credential.ts';
import type { Mark } from '../model/far-place.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { type Address, addressOf } from './address.ts';

type Options = Readonly<Record<string, OptionValue>>;

export const noMark: Mark = { value: '', known: true };

/** An option of which another value means another place. */
export function placing(value: OptionValue | undefined, spelled = (text: string) => text): Mark {
  if (value === undefined || value === '') return noMark;
  if (isSecretReference(value)) return { value: canonicalJson(value), known: false };
  return { value: spelled(String(value)), known: true };
}

/** An option that may lead to the same account whatever its value: a token, a key, a login. */
export function opening(options: Options, names: readonly string[]): Mark {
  const name = names.find((each) => options[each] !== undefined && options[each] !== '');
  const value = name === undefined ? undefined : options[name];
  return { value: value === undefined ? '' : `${name} ${canonicalJson(value)}`, known: false };
}

interface PlacedAddress {
  readonly mark: Mark;
  readonly path: readonly string[];
}

/** Where a server is; `absent` where none is named. */
export function serverMark(value: OptionValue | undefined, absent: string, port: number | null = null): PlacedAddress {
  if (value === undefined || value === '') return { mark: { value: absent, known: true }, path: [] };
  if (isSecretReference(value)) return { mark: placing(value), path: [] };
  const { authority, path }: Address = addressOf(String(value), port);
  return { mark: { value: authority, known: true }, path };
}

export function withPort(host: OptionValue | undefined, port: OptionValue | undefined): OptionValue | undefined {
  if (host === undefined || isSecretReference(host) || port === undefined || isSecretReference(port)) return host;
  const text = String(host);
  return text.includes(':') && !text.startsWith('[') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** The parts of a folder, as rclone joins them. */
export function folderParts(folder: string): readonly string[] {
  const kept: string[] = [];
  for (const part of folder.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return kept;
}

export function bucketParts(bucket: string | null, folder: string): readonly string[] {
  return [...(bucket === null ? [] : [bucket]), ...folderParts(folder)];
}

/** To a login, a folder without a slash before it starts from its home. */
export function loginParts(folder: string): readonly string[] {
  return [folder.startsWith('/') ? '/' : '~', ...folderParts(folder)];
}

/** A folder below one that an option makes the root: by its ID, which does not tell where in the drive it is. */
export function fromRoot(options: Options, folder: string): readonly string[] {
  const { root_folder_id: root, shared, shared_with_me: sharedToo } = options;
  const others = [shared, sharedToo].includes(true) ? ['shared by others'] : [];
  return [...(root === undefined || root === '' ? others : [`folder ${canonicalJson(root)}`]), ...folderParts(folder)];
}
