import {
  addVersion,
  type Bucket,
  bucketNamed,
  createBucket,
  current,
  described,
  type ListRequest,
  list,
  type Store,
  sha1,
  type Version,
  version,
} from './b2-bucket.ts';
import { type CloudResponse, json } from './traffic.ts';

/** The parameters of all calls together. */
interface Parameters extends ListRequest {
  readonly bucketId?: string;
  readonly bucketName?: string;
  readonly fileId?: string;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly fileInfo?: Readonly<Record<string, string>>;
  readonly partSha1Array?: readonly string[];
  readonly sourceFileId?: string;
  readonly destinationBucketId?: string;
  readonly metadataDirective?: 'COPY' | 'REPLACE';
}

export type Call = (parameters: Parameters) => CloudResponse;

/** https://www.backblaze.com/docs/cloud-storage-large-files */
export const smallestPartBytes = 5_000_000;

/** What is asked by POST with a JSON body, by name. */
export function b2Calls(store: Store): Readonly<Record<string, Call>> {
  const { buckets, large } = store;

  function inBucket(answer: (bucket: Bucket, parameters: Parameters) => CloudResponse): Call {
    return (parameters) => {
      const bucket = buckets.get(parameters.bucketId ?? '');
      return bucket === undefined ? problem(400, 'bad_bucket_id') : answer(bucket, parameters);
    };
  }

  function whenFound(id: string | undefined, answer: (file: Version, bucket: Bucket) => CloudResponse): CloudResponse {
    for (const bucket of buckets.values()) {
      const file = bucket.versions.find((each) => each.id === id);
      if (file !== undefined) return answer(file, bucket);
    }
    return problem(404, 'not_found');
  }

  function forget(id: string): void {
    for (const bucket of buckets.values()) {
      bucket.versions = bucket.versions.filter((each) => each.id !== id || each.action !== 'start');
    }
    large.delete(id);
  }

  function finish({ fileId = '', partSha1Array = [] }: Parameters): CloudResponse {
    const upload = large.get(fileId);
    if (upload === undefined) return problem(400, 'no_such_file');
    const parts = partSha1Array.map((_, index) => upload.parts.get(index + 1) ?? Buffer.alloc(0));
    if (parts.map(sha1).join() !== partSha1Array.join()) return problem(400, 'bad_request');
    if (parts.slice(0, -1).some(({ length }) => length < smallestPartBytes)) return problem(400, 'part_too_small');
    forget(fileId);
    // B2 has no checksum of a whole large file; the client may leave one in the file's information.
    const file = version({ ...upload.file, action: 'upload', content: Buffer.concat(parts), sha1: 'none' });
    return json(described(upload.bucket, addVersion(upload.bucket, file)));
  }

  function copy({ sourceFileId, destinationBucketId, fileName = '', ...parameters }: Parameters): CloudResponse {
    return whenFound(sourceFileId, (file, source) => {
      const { content, contentType, info } = file;
      const replaced = { contentType: parameters.contentType ?? contentType, info: parameters.fileInfo ?? {} };
      const kept = parameters.metadataDirective === 'REPLACE' ? replaced : { contentType, info };
      const bucket = buckets.get(destinationBucketId ?? source.id) ?? source;
      return json(described(bucket, addVersion(bucket, version({ name: fileName, content, ...kept }))));
    });
  }

  return {
    b2_list_buckets: ({ bucketName, bucketId }) => {
      const all = [...buckets.values()];
      const wanted = all.filter(({ name, id }) => (bucketName ?? name) === name && (bucketId ?? id) === id);
      return json({ buckets: wanted.map(bucketDescribed) });
    },
    b2_create_bucket: ({ bucketName = '' }) =>
      bucketNamed(store, bucketName) === undefined
        ? json(bucketDescribed(createBucket(store, bucketName)))
        : problem(400, 'duplicate_bucket_name'),
    b2_delete_bucket: inBucket((bucket) => {
      if (bucket.versions.length > 0) return problem(400, 'cannot_delete_non_empty_bucket');
      buckets.delete(bucket.id);
      return json(bucketDescribed(bucket));
    }),
    b2_list_file_names: inBucket((bucket, parameters) => json(list(bucket, parameters, false))),
    b2_list_file_versions: inBucket((bucket, parameters) => json(list(bucket, parameters, true))),
    b2_get_file_info: ({ fileId }) => whenFound(fileId, (file, bucket) => json(described(bucket, file))),
    b2_get_upload_url: inBucket(({ id }) => json({ bucketId: id, ...uploadAddress('b2_upload_file', id) })),
    b2_get_upload_part_url: ({ fileId = '' }) => json({ fileId, ...uploadAddress('b2_upload_part', fileId) }),
    b2_hide_file: inBucket((bucket, { fileName = '' }) => {
      if (current(bucket, fileName) === undefined) return problem(400, 'no_such_file');
      return json(described(bucket, addVersion(bucket, version({ name: fileName, action: 'hide' }))));
    }),
    b2_delete_file_version: ({ fileId, fileName }) =>
      whenFound(fileId, (file, bucket) => {
        bucket.versions = bucket.versions.filter((each) => each !== file);
        return json({ fileId, fileName });
      }),
    b2_copy_file: copy,
    b2_start_large_file: inBucket((bucket, { fileName = '', contentType = '', fileInfo = {} }) => {
      const file = version({ name: fileName, action: 'start', contentType, info: fileInfo });
      large.set(file.id, { bucket, file, parts: new Map() });
      return json(described(bucket, addVersion(bucket, file)));
    }),
    b2_finish_large_file: finish,
    b2_cancel_large_file: ({ fileId = '' }) => {
      forget(fileId);
      return json({ fileId });
    },
  };
}

/** The token is good for this address alone. */
export function uploadToken(id: string): string {
  return `upload-${id}`;
}

export function problem(status: number, code: string): CloudResponse {
  return json({ status, code, message: code }, status);
}

function uploadAddress(call: string, id: string): object {
  const url = `https://pod-000-1000-00.backblaze.com/b2api/v1/${call}/${id}`;
  return { uploadUrl: url, authorizationToken: uploadToken(id) };
}

function bucketDescribed({ id, name }: Bucket): object {
  return { accountId: 'account', bucketId: id, bucketName: name, bucketType: 'allPrivate', lifecycleRules: [] };
}
