import { createHash } from 'node:crypto';

/** What B2 keeps under a name: each upload adds a version, and hiding adds one that says so. */
export interface Version {
  readonly id: string;
  readonly name: string;
  readonly action: 'upload' | 'hide' | 'start';
  readonly content: Buffer;
  readonly sha1: string;
  readonly contentType: string;
  readonly info: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

export interface Bucket {
  readonly id: string;
  readonly name: string;
  /** The newest first. */
  versions: readonly Version[];
}

/** A file that arrives in parts, by number from 1. */
interface LargeFile {
  readonly bucket: Bucket;
  readonly file: Version;
  readonly parts: Map<number, Buffer>;
}

/** Both by id. */
export interface Store {
  readonly buckets: Map<string, Bucket>;
  readonly large: Map<string, LargeFile>;
}

export interface ListRequest {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly startFileName?: string;
  readonly startFileId?: string;
  readonly maxFileCount?: number;
}

let lastId = 0;

export function version(part: Pick<Version, 'name'> & Partial<Version>): Version {
  lastId += 1;
  const content = part.content ?? Buffer.alloc(0);
  return {
    ...{ id: `4_z${String(lastId).padStart(12, '0')}`, action: 'upload', contentType: 'application/octet-stream' },
    ...{ sha1: sha1(content), info: {}, timestamp: Date.now(), ...part, content },
  };
}

export function bucketNamed({ buckets }: Store, name: string): Bucket | undefined {
  return [...buckets.values()].find((bucket) => bucket.name === name);
}

export function createBucket({ buckets }: Store, name: string): Bucket {
  const bucket = { id: `bucket-${name}`, name, versions: [] };
  buckets.set(bucket.id, bucket);
  return bucket;
}

export function addVersion(bucket: Bucket, added: Version): Version {
  bucket.versions = [added, ...bucket.versions];
  return added;
}

export function current(bucket: Bucket, name: string): Version | undefined {
  const newest = bucket.versions.find((each) => each.name === name && each.action !== 'start');
  return newest?.action === 'upload' ? newest : undefined;
}

/** One page, by name in the order of UTF-8 bytes; names below the delimiter show as one folder. */
export function list(bucket: Bucket, request: ListRequest, every: boolean): object {
  const { prefix = '', delimiter = '', startFileName = '', startFileId, maxFileCount = 100 } = request;
  const shown = every ? bucket.versions : bucket.versions.filter((each) => current(bucket, each.name) === each);
  const rows = new Map<string, { readonly name: string; readonly id: string | null; readonly row: object }>();
  const sorted = [...shown].sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
  for (const each of sorted.filter(({ name }) => name.startsWith(prefix))) {
    const end = delimiter === '' ? -1 : each.name.indexOf(delimiter, prefix.length);
    const folder = each.name.slice(0, end + 1);
    if (end < 0) rows.set(each.id, { name: each.name, id: each.id, row: described(bucket, each) });
    else rows.set(folder, { name: folder, id: null, row: { action: 'folder', fileName: folder, uploadTimestamp: 0 } });
  }
  const all = [...rows.values()];
  const first = all.findIndex(({ name, id }) =>
    startFileId === undefined ? Buffer.compare(Buffer.from(name), Buffer.from(startFileName)) >= 0 : id === startFileId,
  );
  const from = first < 0 ? all.length : first;
  const next = all[from + maxFileCount];
  const files = all.slice(from, from + maxFileCount).map(({ row }) => row);
  return { files, nextFileName: next?.name ?? null, ...(every ? { nextFileId: next?.id ?? null } : {}) };
}

export function described(bucket: Bucket, each: Version): object {
  return {
    ...{ accountId: 'account', bucketId: bucket.id, fileId: each.id, fileName: each.name, action: each.action },
    ...{ size: each.content.length, contentLength: each.content.length, contentSha1: each.sha1 },
    ...{ contentType: each.contentType, fileInfo: each.info, uploadTimestamp: each.timestamp },
  };
}

export function sha1(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}
