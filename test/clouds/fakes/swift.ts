import { createHash } from 'node:crypto';
import type { FakeCloud } from './fake-cloud.ts';
import { startHttpCloud } from './http-cloud.ts';
import { swiftAuthentication } from './swift-authentication.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * OpenStack Swift, object storage API 1, as rclone's backend `swift` uses it.
 *
 * | answered                                                              | not answered                          |
 * |-----------------------------------------------------------------------|---------------------------------------|
 * | TempAuth (v1) and Keystone (v3, by user, domain and project)          | v2, application credentials           |
 * | account: list, metadata; container: list, create, delete, metadata    | policies, versions, access lists      |
 * | listings with prefix, delimiter, marker, end marker and limit         | /info, bulk deletes                   |
 * | object: PUT, GET (ranges), HEAD, POST, DELETE, COPY, checksum of PUT  | static large objects, expiry          |
 * | dynamic large objects (X-Object-Manifest)                             |                                       |
 */

interface StoredObject {
  readonly content: Buffer;
  /** `x-object-meta-*`, the content type and the manifest. */
  readonly headers: Readonly<Record<string, string>>;
  readonly modified: Date;
}

export interface SwiftSettings {
  readonly authentication?: 'TempAuth' | 'Keystone';
}

export function startSwift({ authentication = 'TempAuth' }: SwiftSettings = {}): Promise<FakeCloud> {
  const containers = new Map<string, Map<string, StoredObject>>();
  const account = swiftAuthentication(authentication);

  function handle(request: CloudRequest): CloudResponse {
    if (request.url.pathname.startsWith(account.path)) return account.logIn(request);
    if (request.headers['x-auth-token'] !== account.token) return { status: 401 };
    const [, name, key] = /^\/v1\/AUTH_fake(?:\/([^/]+)(?:\/(.+))?)?\/?$/.exec(request.url.pathname) ?? [];
    if (name === undefined) return listAccount(request);
    const container = containers.get(decodeURIComponent(name));
    if (key === undefined) return onContainer(decodeURIComponent(name), container, request);
    return container === undefined ? { status: 404 } : onObject(container, decodeURIComponent(key), request);
  }

  function listAccount({ url }: CloudRequest): CloudResponse {
    const names = page([...containers.keys()], url.searchParams);
    return json(
      names.map((name) => ({ name, count: containers.get(name)?.size ?? 0, bytes: bytesOf(containers.get(name)) })),
      200,
      {
        'x-account-container-count': String(containers.size),
        'x-account-object-count': String([...containers.values()].reduce((sum, { size }) => sum + size, 0)),
        'x-account-bytes-used': String([...containers.values()].reduce((sum, each) => sum + bytesOf(each), 0)),
      },
    );
  }

  function onContainer(
    name: string,
    container: Map<string, StoredObject> | undefined,
    { method, url }: CloudRequest,
  ): CloudResponse {
    if (method === 'PUT') {
      containers.set(name, container ?? new Map());
      return { status: container === undefined ? 201 : 202 };
    }
    if (container === undefined) return { status: 404 };
    if (method === 'DELETE' && container.size > 0) return { status: 409 };
    if (method === 'DELETE') containers.delete(name);
    if (method !== 'GET')
      return {
        status: 204,
        headers: {
          'x-container-object-count': String(container.size),
          'x-container-bytes-used': String(bytesOf(container)),
        },
      };
    return json(page(rolledUp([...container.keys()], url.searchParams), url.searchParams).map(listed(container)));
  }

  function onObject(container: Map<string, StoredObject>, key: string, request: CloudRequest): CloudResponse {
    if (request.method === 'PUT') return store(container, key, request);
    const object = container.get(key);
    if (object === undefined) return { status: 404 };
    switch (request.method) {
      case 'DELETE':
        container.delete(key);
        return { status: 204 };
      case 'POST':
        container.set(key, { ...object, headers: { ...object.headers, ...keptHeaders(request) } });
        return { status: 202 };
      case 'COPY':
        return copy(object, request);
      default:
        return send(object, request);
    }
  }

  function copy(object: StoredObject, request: CloudRequest): CloudResponse {
    const { destination = '' } = request.headers;
    const [, container = '', key = ''] = /^\/?([^/]+)\/(.+)$/.exec(destination) ?? [];
    const target = containers.get(decodeURIComponent(container));
    if (target === undefined) return { status: 404 };
    const headers = { ...object.headers, ...keptHeaders(request) };
    target.set(decodeURIComponent(key), { ...object, content: whole(object), headers: withoutManifest(headers) });
    return { status: 201 };
  }

  function send(object: StoredObject, request: CloudRequest): CloudResponse {
    const content = whole(object);
    return download(request, content, {
      ...object.headers,
      etag: md5(content),
      'last-modified': object.modified.toUTCString(),
    });
  }

  /** A manifest names the container and the prefix of its parts. */
  function whole(object: StoredObject): Buffer {
    const { 'x-object-manifest': manifest } = object.headers;
    if (manifest === undefined) return object.content;
    const [, container = '', prefix = ''] = /^([^/]+)\/(.*)$/.exec(decodeURIComponent(manifest)) ?? [];
    const parts = [...(containers.get(container) ?? [])].filter(([key]) => key.startsWith(prefix));
    return Buffer.concat(parts.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, { content }]) => content));
  }

  return startHttpCloud({
    type: 'swift',
    options: account.options,
    handler: (request) => handle(request),
    files: () =>
      new Map(
        [...containers].flatMap(([name, objects]) =>
          [...objects].map(([key, object]) => [`${name}/${key}`, whole(object)] as const),
        ),
      ),
    put(path, content) {
      const slash = path.indexOf('/');
      const container = containers.get(path.slice(0, slash)) ?? new Map<string, StoredObject>();
      containers.set(path.slice(0, slash), container);
      container.set(path.slice(slash + 1), { content: Buffer.from(content), headers: {}, modified: new Date() });
    },
  });
}

function store(container: Map<string, StoredObject>, key: string, request: CloudRequest): CloudResponse {
  const { etag } = request.headers;
  if (etag !== undefined && etag !== md5(request.body)) return { status: 422 };
  container.set(key, { content: request.body, headers: keptHeaders(request), modified: new Date() });
  return { status: 201, headers: { etag: md5(request.body) } };
}

function keptHeaders({ headers }: CloudRequest): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) =>
    /^(x-object-meta-.+|content-type|x-object-manifest)$/.test(name),
  );
  return Object.fromEntries(kept);
}

function withoutManifest(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'x-object-manifest'));
}

/** Names below a prefix; with a delimiter, each folder once, with the delimiter at its end. */
function rolledUp(keys: readonly string[], parameters: URLSearchParams): readonly string[] {
  const prefix = parameters.get('prefix') ?? '';
  const delimiter = parameters.get('delimiter');
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : key.slice(0, end + 1);
    });
  return [...new Set(names)];
}

function page(names: readonly string[], parameters: URLSearchParams): readonly string[] {
  const [marker, end] = [parameters.get('marker') ?? '', parameters.get('end_marker') ?? ''];
  return [...names]
    .sort()
    .filter((name) => name > marker && (end === '' || name < end))
    .slice(0, Number(parameters.get('limit') ?? 10_000));
}

function listed(container: ReadonlyMap<string, StoredObject>): (name: string) => object {
  return (name) => {
    const object = container.get(name);
    if (object === undefined) return { subdir: name };
    const { 'content-type': type = 'application/octet-stream' } = object.headers;
    // Without the zone that it means, as Swift has it.
    const time = object.modified.toISOString().replace('Z', '000');
    return { name, bytes: object.content.length, hash: md5(object.content), content_type: type, last_modified: time };
  };
}

function bytesOf(container: ReadonlyMap<string, StoredObject> | undefined): number {
  return [...(container?.values() ?? [])].reduce((sum, { content }) => sum + content.length, 0);
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
