import { createHash } from 'node:crypto';

export interface StoredObject {
  readonly name: string;
  readonly content: Buffer;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly generation: number;
  readonly updated: string;
}

export const host = 'storage.googleapis.com';

/** One page, by name; names below the delimiter show as one prefix. */
export function page(bucket: string, objects: ReadonlyMap<string, StoredObject>, { searchParams }: URL): object {
  const { prefix = '', delimiter = '', pageToken = '', maxResults = '1000' } = Object.fromEntries(searchParams);
  const rows = new Map<string, object | null>();
  for (const [name, stored] of [...objects].sort(byName)) {
    const end = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    if (!name.startsWith(prefix)) continue;
    if (end < 0) rows.set(name, described(bucket, stored));
    else rows.set(name.slice(0, end + 1), null);
  }
  const after = [...rows].filter(([name]) => name > pageToken);
  const shown = after.slice(0, Number(maxResults));
  return {
    items: shown.flatMap(([, row]) => (row === null ? [] : [row])),
    prefixes: shown.flatMap(([name, row]) => (row === null ? [name] : [])),
    ...(shown.length < after.length ? { nextPageToken: shown.at(-1)?.[0] } : {}),
  };
}

export function described(bucket: string, { content, ...object }: StoredObject): object {
  const address = `https://${host}/download/storage/v1/b/${bucket}/o/${encodeURIComponent(object.name)}`;
  return {
    ...{
      kind: 'storage#object',
      bucket,
      ...object,
      generation: String(object.generation),
      size: String(content.length),
    },
    ...{ md5Hash: createHash('md5').update(content).digest('base64'), timeCreated: object.updated },
    mediaLink: `${address}?generation=${object.generation}&alt=media`,
  };
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
