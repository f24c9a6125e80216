import {
  addVersion,
  bucketNamed,
  createBucket,
  current,
  described,
  type Store,
  sha1,
  type Version,
  version,
} from './b2-bucket.ts';
import { b2Calls, problem, smallestPartBytes, uploadToken } from './b2-calls.ts';
import type { FakeCloud, OAuthSettings } from './fake-cloud.ts';
import { startKeyedCloud } from './keyed-cloud.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Backblaze B2, native API, as rclone's backend `b2` uses it. Signing in answers in the form of version 1, which
 * rclone 1.60 asks for, and of later versions.
 *
 * | answered                                                           | not answered                            |
 * |--------------------------------------------------------------------|-----------------------------------------|
 * | authorize_account                                                  | keys that are limited to a bucket       |
 * | list, create and delete buckets                                    | lifecycle rules, object lock            |
 * | list_file_names and list_file_versions by pages, with delimiter    | server-side encryption                  |
 * | upload_file with the checksum in front or at the end               | copy_part, list_parts                   |
 * | start, parts, finish and cancel of a large file, with checksums    | list_unfinished_large_files             |
 * | get_file_info, copy_file, hide_file, delete_file_version           | get_download_authorization              |
 * | download by name or id, with ranges, GET and HEAD                  |                                         |
 */

const account = 'b2-account-id';
const key = 'K001-b2-application-key';

/** https://www.backblaze.com/apidocs/b2-error-handling */
const statusCodes: Readonly<Record<number, string>> = {
  ...{ 401: 'expired_auth_token', 403: 'storage_cap_exceeded', 404: 'not_found', 408: 'request_timeout' },
  ...{ 429: 'too_many_requests', 500: 'internal_error', 503: 'service_unavailable' },
};

export interface B2Cloud extends FakeCloud {
  /** Ends the session of every client, as B2 does once a day: the next call is answered 401. */
  endSessions(): void;
}

export async function startB2(settings: Pick<OAuthSettings, 'network'> = {}): Promise<B2Cloud> {
  const store: Store = { buckets: new Map(), large: new Map() };
  const calls = b2Calls(store);
  let session = 1;

  function api(request: CloudRequest): CloudResponse {
    const { pathname } = request.url;
    const { [pathname.split('/').at(-1) ?? '']: call } = calls;
    if (!signedIn(request)) return problem(401, 'expired_auth_token');
    return call === undefined ? problem(400, `unknown_call ${pathname}`) : call(JSON.parse(request.body.toString()));
  }

  function authorize({ url, headers: { authorization } }: CloudRequest): CloudResponse {
    if (authorization !== `Basic ${Buffer.from(`${account}:${key}`).toString('base64')}`) {
      return problem(401, 'unauthorized');
    }
    const sizes = { absoluteMinimumPartSize: smallestPartBytes, recommendedPartSize: 100_000_000 };
    const urls = { apiUrl: 'https://api001.backblazeb2.com', downloadUrl: 'https://f001.backblazeb2.com' };
    const common = { accountId: account, authorizationToken: `session-${session}` };
    const all = {
      capabilities: ['listBuckets', 'writeBuckets', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles'],
    };
    if (url.pathname.startsWith('/b2api/v1/')) return json({ ...common, ...sizes, ...urls, allowed: all });
    return json({ ...common, apiInfo: { storageApi: { ...sizes, ...urls, allowed: all } } });
  }

  function upload({ url, headers, body }: CloudRequest): CloudResponse {
    const [, , , call, id = ''] = url.pathname.split('/');
    const { authorization, 'x-bz-content-sha1': claimed = '', 'x-bz-file-name': name = '' } = headers;
    if (authorization !== uploadToken(id)) return problem(401, 'bad_auth_token');
    const atEnd = claimed === 'hex_digits_at_end';
    const content = atEnd ? body.subarray(0, -40) : body;
    if (sha1(content) !== (atEnd ? body.subarray(-40).toString() : claimed)) return problem(400, 'bad_request');
    if (call === 'b2_upload_part') {
      const { 'x-bz-part-number': part } = headers;
      store.large.get(id)?.parts.set(Number(part), content);
      return json({ fileId: id, partNumber: Number(part), contentLength: content.length, contentSha1: sha1(content) });
    }
    const bucket = store.buckets.get(id);
    if (bucket === undefined) return problem(400, 'bad_bucket_id');
    const { 'content-type': contentType = '' } = headers;
    const added = version({ name: decodeURIComponent(name), content, contentType, info: infoOf(headers) });
    return json(described(bucket, addVersion(bucket, added)));
  }

  function send(request: CloudRequest): CloudResponse {
    if (!signedIn(request)) return problem(401, 'expired_auth_token');
    const file = wanted(request.url);
    if (file === undefined) return problem(404, 'not_found');
    return download(request, file.content, headersOf(file));
  }

  function wanted({ pathname, searchParams }: URL): Version | undefined {
    const [, kind, bucketName = '', ...names] = pathname.split('/').map(decodeURIComponent);
    if (kind === 'file') {
      const bucket = bucketNamed(store, bucketName);
      return bucket === undefined ? undefined : current(bucket, names.join('/'));
    }
    const versions = [...store.buckets.values()].flatMap((bucket) => bucket.versions);
    return versions.find(({ id }) => id === searchParams.get('fileId'));
  }

  function signedIn({ headers: { authorization } }: CloudRequest): boolean {
    return authorization === `session-${session}`;
  }

  const cloud = await startKeyedCloud(
    {
      type: 'b2',
      options: { account, key },
      hosts: {
        'api.backblazeb2.com': authorize,
        'api001.backblazeb2.com': api,
        'pod-000-1000-00.backblaze.com': upload,
        'f001.backblazeb2.com': send,
      },
      files: () =>
        new Map(
          [...store.buckets.values()].flatMap((bucket) =>
            bucket.versions
              .filter((each) => each === current(bucket, each.name))
              .map(({ name, content }) => [`${bucket.name}/${name}`, content] as const),
          ),
        ),
      put(path, content) {
        const [bucketName = '', ...names] = path.split('/');
        const bucket = bucketNamed(store, bucketName) ?? createBucket(store, bucketName);
        addVersion(bucket, version({ name: names.join('/'), content: Buffer.from(content) }));
      },
      failure: (status) => problem(status, statusCodes[status] ?? 'bad_request'),
    },
    settings,
  );
  return {
    ...cloud,
    endSessions: () => {
      session += 1;
    },
  };
}

const infoPrefix = 'x-bz-info-';

function infoOf(headers: CloudRequest['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(infoPrefix))
      .map(([name, value]) => [name.slice(infoPrefix.length), decodeURIComponent(value)]),
  );
}

function headersOf({ id, name, sha1: sum, contentType, timestamp, info, content }: Version): Record<string, string> {
  return {
    ...{ 'content-type': contentType, 'content-length': String(content.length), 'accept-ranges': 'bytes' },
    ...{ 'x-bz-file-id': id, 'x-bz-file-name': encodeURIComponent(name), 'x-bz-content-sha1': sum },
    'x-bz-upload-timestamp': String(timestamp),
    ...Object.fromEntries(Object.entries(info).map(([each, value]) => [infoPrefix + each, encodeURIComponent(value)])),
  };
}
