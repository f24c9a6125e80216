import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { described, host, page, type StoredObject } from './google-object.ts';
import { multipartParts } from './multipart.ts';
import { resumableUploads } from './resumable.ts';
import { routed } from './routes.ts';
import { serviceAccount } from './service-account.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Google Cloud Storage, JSON API v1, as rclone's backend `google cloud storage` uses it.
 *
 * | answered                                                              | not answered                           |
 * |-----------------------------------------------------------------------|----------------------------------------|
 * | buckets: list, make, read, delete                                     | access control, storage classes        |
 * | objects: list by pages, with prefix and delimiter; read, patch, delete | older versions: an upload replaces     |
 * | upload: media with its description, and resumable in parts            | preconditions on the generation        |
 * | download by the address in the description, with ranges               | customer-supplied keys, compose        |
 * | rewriteTo, always complete at once                                    | XML API, HMAC keys                     |
 * | tokens by refresh and by a service account's signed claim             | anonymous access                       |
 */

export interface GoogleCloudStorage extends OAuthCloud {
  /** The key file of a service account: the value of `service_account_credentials`, in place of `token`. */
  readonly serviceAccount: string;
}

type Description = Partial<Pick<StoredObject, 'name' | 'contentType' | 'metadata'>>;

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes; rclone goes by these words. */
const statusReasons: Readonly<Record<number, string>> = {
  ...{ 401: 'authError', 403: 'forbidden', 404: 'notFound', 409: 'conflict' },
  ...{ 429: 'rateLimitExceeded', 500: 'backendError', 503: 'backendError' },
};

export async function startGoogleCloudStorage(settings: OAuthSettings = {}): Promise<GoogleCloudStorage> {
  const buckets = new Map<string, Map<string, StoredObject>>();
  const account = serviceAccount();
  const uploads = resumableUploads<{ readonly bucket: string; readonly description: Description }>();
  let generation = 0;

  function store(bucket: string, { name = '', contentType = '', metadata = {} }: Description, content: Buffer) {
    const objects = buckets.get(bucket);
    if (objects === undefined) return problem(404, 'notFound');
    generation += 1;
    const stored = { name, content, contentType, metadata, generation, updated: new Date().toISOString() };
    objects.set(name, stored);
    return json(described(bucket, stored));
  }

  function upload(request: CloudRequest, bucket: string): CloudResponse {
    const { searchParams } = request.url;
    const name = searchParams.get('name');
    const named = (description: Description) => (name === null ? description : { ...description, name });
    const id = searchParams.get('upload_id');
    if (id !== null)
      return uploads.receive(id, request, (target, content) => store(target.bucket, target.description, content));
    if (searchParams.get('uploadType') === 'resumable') {
      const description = named(JSON.parse(request.body.toString() || '{}'));
      return uploads.start(`https://${host}/upload/storage/v1/b/${bucket}/o?uploadType=resumable`, {
        bucket,
        description,
      });
    }
    const [description, media] = multipartParts(request.headers, request.body);
    return store(bucket, named(JSON.parse(`${description?.body}`)), media?.body ?? Buffer.alloc(0));
  }

  function whenFound(bucket: string, name: string, answer: (object: StoredObject) => CloudResponse): CloudResponse {
    const object = buckets.get(bucket)?.get(name);
    return object === undefined ? problem(404, 'notFound') : answer(object);
  }

  function send(request: CloudRequest, bucket: string, name: string): CloudResponse {
    return whenFound(bucket, name, ({ content, contentType }) =>
      download(request, content, { 'content-type': contentType, 'content-length': String(content.length) }),
    );
  }

  const bucketPath = /^\/storage\/v1\/b\/([^/]+)$/;
  const objectPath = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/;
  const api = routed(
    [
      ['GET', /^\/storage\/v1\/b$/, () => json({ items: [...buckets.keys()].map(bucketDescribed) })],
      [
        'POST',
        /^\/storage\/v1\/b$/,
        ({ body }) => {
          const { name } = JSON.parse(body.toString());
          if (buckets.has(name)) return problem(409, 'conflict');
          buckets.set(name, new Map());
          return json(bucketDescribed(name));
        },
      ],
      ['GET', bucketPath, (_, name) => (buckets.has(name) ? json(bucketDescribed(name)) : problem(404, 'notFound'))],
      [
        'DELETE',
        bucketPath,
        (_, name) => {
          if ((buckets.get(name)?.size ?? 0) > 0) return problem(409, 'conflict');
          return buckets.delete(name) ? { status: 204 } : problem(404, 'notFound');
        },
      ],
      [
        'GET',
        /^\/storage\/v1\/b\/([^/]+)\/o$/,
        ({ url }, bucket) => {
          const objects = buckets.get(bucket);
          return objects === undefined ? problem(404, 'notFound') : json(page(bucket, objects, url));
        },
      ],
      [
        'GET',
        objectPath,
        (request, bucket, name) =>
          request.url.searchParams.get('alt') === 'media'
            ? send(request, bucket, name)
            : whenFound(bucket, name, (object) => json(described(bucket, object))),
      ],
      [
        'PATCH',
        objectPath,
        ({ body }, bucket, name) =>
          whenFound(bucket, name, (object) => {
            const { metadata } = JSON.parse(body.toString());
            const changed = { ...object, metadata: { ...object.metadata, ...metadata } };
            buckets.get(bucket)?.set(name, changed);
            return json(described(bucket, changed));
          }),
      ],
      [
        'DELETE',
        objectPath,
        (_, bucket, name) =>
          whenFound(bucket, name, () => {
            buckets.get(bucket)?.delete(name);
            return { status: 204 };
          }),
      ],
      [
        'POST',
        /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)\/rewriteTo\/b\/([^/]+)\/o\/([^/]+)$/,
        ({ body }, source, name, bucket, newName) =>
          whenFound(source, name, (object) => {
            const description = { ...object, ...JSON.parse(body.toString() || '{}'), name: newName };
            const { body: resource = '' } = store(bucket, description, object.content);
            const bytes = String(object.content.length);
            return json({
              done: true,
              objectSize: bytes,
              totalBytesRewritten: bytes,
              resource: JSON.parse(`${resource}`),
            });
          }),
      ],
      ['GET', /^\/download\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)$/, send],
      ['POST', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, upload],
      ['PUT', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, upload],
    ],
    ({ method, url }) => problem(400, `unknown call ${method} ${url.pathname}`),
  );

  const cloud = await startOAuthCloud(
    {
      type: 'google cloud storage',
      options: { client_id: 'google-client', client_secret: 'google-client-secret', project_number: '12345' },
      tokenUrls: ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'],
      hosts: { [host]: api },
      signedHosts: { [account.tokenHost]: (request) => account.token(request, cloud.tokens) },
      files: () =>
        new Map(
          [...buckets].flatMap(([bucket, objects]) =>
            [...objects.values()].map(({ name, content }) => [`${bucket}/${name}`, content] as const),
          ),
        ),
      put(path, content) {
        const slash = path.indexOf('/');
        const bucket = path.slice(0, slash);
        if (!buckets.has(bucket)) buckets.set(bucket, new Map());
        store(bucket, { name: path.slice(slash + 1) }, Buffer.from(content));
      },
      failure: (status) => problem(status, statusReasons[status] ?? 'invalid'),
    },
    { rotates: false, ...settings },
  );
  return { ...cloud, serviceAccount: account.keyFile };
}

function bucketDescribed(name: string): object {
  return { kind: 'storage#bucket', id: name, name, timeCreated: '2020-01-01T00:00:00Z' };
}

function problem(code: number, reason: string): CloudResponse {
  return json({ error: { code, message: reason, errors: [{ domain: 'global', reason, message: reason }] } }, code);
}
