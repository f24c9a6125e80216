import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, type FileTree, fileTree, isFile } from './file-tree.ts';
import { multipartParts } from './multipart.ts';
import { type Route, routed } from './routes.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Box, API 2.0, as rclone's backend `box` uses it. Names are unique whatever their case; a refresh token is good for
 * one use.
 *
 * | answered                                                               | not answered                          |
 * |------------------------------------------------------------------------|---------------------------------------|
 * | folders/ID/items by offset and by marker; folders: make, change, delete | trash: what is deleted is gone        |
 * | OPTIONS files/content: whether a name is free                          | shared links, collaborations, events  |
 * | files/content, files/ID/content: upload; download with ranges          | file versions: an upload replaces     |
 * | files/ID: read, move, set time, delete, copy                           | sign-in by JWT or client credentials  |
 * | upload_sessions: start, parts and commit with digests, abort           | list of parts; commits answered 202   |
 * | users/me                                                               |                                       |
 */

/** Box: https://developer.box.com/guides/uploads/chunked/ */
const smallestSessionBytes = 20_000_000;
const partBytes = 8 * 1024 * 1024;

/** https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
const statusCodes: Readonly<Record<number, string>> = {
  ...{ 401: 'unauthorized', 403: 'access_denied_insufficient_permissions', 404: 'not_found' },
  ...{ 429: 'rate_limit_exceeded', 500: 'internal_server_error', 503: 'unavailable', 507: 'storage_limit_exceeded' },
};

export function startBox(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree({ ignoresCase: true });
  return startOAuthCloud(
    {
      type: 'box',
      options: { client_id: 'box-client', client_secret: 'box-client-secret' },
      tokenUrls: ['https://app.box.com/api/oauth2/token', 'https://api.box.com/oauth2/token'],
      hosts: {
        'api.box.com': routed(itemRoutes(tree), unknownCall),
        'upload.box.com': routed(uploadRoutes(tree), unknownCall),
      },
      files: tree.files,
      put: tree.put,
      failure: (status) => problem(status, statusCodes[status] ?? 'bad_request'),
    },
    settings,
  );
}

function itemRoutes(tree: FileTree): readonly Route[] {
  const item = /^\/2\.0\/(?:files|folders)\/([^/]+)$/;
  return [
    ['GET', /^\/2\.0\/users\/me$/, () => json({ type: 'user', id: '1', space_amount: 1e10, space_used: 0 })],
    ['GET', /^\/2\.0\/folders\/([^/]+)\/items$/, (request, id) => whenFound(tree, id, () => page(tree, id, request))],
    [
      'POST',
      /^\/2\.0\/folders$/,
      ({ body }) => {
        const { name, parent } = JSON.parse(body.toString());
        return whenFree(tree, parent.id, name, () => json(described(tree.add(parent.id, name, null)), 201));
      },
    ],
    [
      'OPTIONS',
      /^\/2\.0\/files\/content\/?$/,
      ({ body }) => {
        const { name, parent } = JSON.parse(body.toString());
        return whenFree(tree, parent.id, name, () =>
          json({ upload_url: 'https://upload.box.com/api/2.0/files/content' }),
        );
      },
    ],
    [
      'GET',
      /^\/2\.0\/files\/([^/]+)\/content$/,
      (request, id) =>
        whenFound(tree, id, (entry) => (isFile(entry) ? download(request, entry.content) : problem(404, 'not_found'))),
    ],
    [
      'POST',
      /^\/2\.0\/files\/([^/]+)\/copy$/,
      ({ body }, id) =>
        whenFound(tree, id, ({ content, modified, name: old }) => {
          const { name = old, parent } = JSON.parse(body.toString());
          return whenFree(tree, parent.id, name, () =>
            json(described(tree.add(parent.id, name, content, modified)), 201),
          );
        }),
    ],
    ['GET', item, (_, id) => whenFound(tree, id, (entry) => json(described(entry)))],
    ['PUT', item, ({ body }, id) => whenFound(tree, id, (entry) => changed(tree, entry, JSON.parse(body.toString())))],
    [
      'DELETE',
      item,
      ({ url }, id) =>
        whenFound(tree, id, () => {
          const whole = url.searchParams.get('recursive') === 'true';
          if (!whole && tree.children(id).length > 0) return problem(400, 'folder_not_empty');
          tree.remove(id);
          return { status: 204 };
        }),
    ],
  ];
}

function uploadRoutes(tree: FileTree): readonly Route[] {
  const sessions = new Map<string, { readonly target: Target; readonly content: Buffer }>();
  const session = /^\/api\/2\.0\/files\/upload_sessions\/([^/]+)$/;
  return [
    [
      'POST',
      /^\/api\/2\.0\/files(?:\/([^/]+))?\/content$/,
      ({ headers, body }, id) => {
        const [attributes, contents] = multipartParts(headers, body);
        const { name, parent, content_modified_at } = JSON.parse(`${attributes?.body}`);
        const content = contents?.body ?? Buffer.alloc(0);
        return stored(tree, { id, parent: parent.id, name }, content, content_modified_at);
      },
    ],
    [
      'POST',
      /^\/api\/2\.0\/files(?:\/([^/]+))?\/upload_sessions$/,
      ({ body }, fileId) => {
        const { folder_id, file_name, file_size } = JSON.parse(body.toString());
        if (file_size < smallestSessionBytes) return problem(400, 'file_size_too_small');
        const id = `session-${sessions.size}`;
        const target = { id: fileId, parent: folder_id, name: file_name };
        sessions.set(id, { target, content: Buffer.alloc(file_size) });
        return json({ id, part_size: partBytes, total_parts: Math.ceil(file_size / partBytes) }, 201);
      },
    ],
    [
      'PUT',
      session,
      ({ body, headers: { digest: claimed, 'content-range': range = '' } }, id) => {
        const [, first = ''] = /^bytes (\d+)-/.exec(range) ?? [];
        if (claimed !== digest(body)) return problem(412, 'sha1_mismatch');
        const offset = Number(first);
        sessions.get(id)?.content.set(body, offset);
        return json({ part: { part_id: String(offset), offset, size: body.length, sha1: sha1(body) } });
      },
    ],
    [
      'POST',
      /^\/api\/2\.0\/files\/upload_sessions\/([^/]+)\/commit$/,
      ({ body, headers: { digest: claimed } }, id) => {
        const upload = sessions.get(id);
        if (upload === undefined) return problem(404, 'not_found');
        const { parts, attributes } = JSON.parse(body.toString());
        const bytes = parts.reduce((sum: number, { size }: { readonly size: number }) => sum + size, 0);
        if (bytes !== upload.content.length) return problem(400, 'parts_mismatch');
        if (claimed !== digest(upload.content)) return problem(412, 'sha1_mismatch');
        sessions.delete(id);
        return stored(tree, upload.target, upload.content, attributes.content_modified_at);
      },
    ],
    [
      'DELETE',
      session,
      (_, id) => {
        sessions.delete(id);
        return { status: 204 };
      },
    ],
  ];
}

/** A file that is there; without an id, a name that must be free. */
interface Target {
  readonly id: string;
  readonly parent: string;
  readonly name: string;
}

function stored(tree: FileTree, { id, parent, name }: Target, content: Buffer, modified: string): CloudResponse {
  const done = (entry: Entry) => json({ total_count: 1, entries: [described(entry)] }, 201);
  if (id === '') return whenFree(tree, parent, name, () => done(tree.add(parent, name, content, modified)));
  return whenFound(tree, id, () => done(tree.change(id, { content, modified })));
}

function changed(tree: FileTree, entry: Entry, change: Readonly<Record<string, unknown>>): CloudResponse {
  const { name = entry.name, parent = { id: entry.parent }, content_modified_at = entry.modified } = change;
  const part = { name, parent: (parent as { id: string }).id, modified: content_modified_at } as Omit<Target, 'id'>;
  const taken = tree.find(part.name, part.parent);
  return taken === undefined || taken.id === entry.id ? json(described(tree.change(entry.id, part))) : conflict(taken);
}

function page(tree: FileTree, id: string, { url }: CloudRequest): CloudResponse {
  const all = tree.children(id);
  const limit = Number(url.searchParams.get('limit') ?? 100);
  const byMarker = url.searchParams.get('usemarker') === 'true';
  const start = Number(url.searchParams.get(byMarker ? 'marker' : 'offset') ?? 0);
  const entries = all.slice(start, start + limit).map(described);
  const next = start + limit < all.length ? String(start + limit) : null;
  return json(
    byMarker ? { entries, limit, next_marker: next } : { total_count: all.length, entries, offset: start, limit },
  );
}

function described(entry: Entry): object {
  const shared = {
    ...{ id: entry.id, sequence_id: '0', etag: '0', name: entry.name, item_status: 'active', shared_link: null },
    ...{ created_at: entry.modified, modified_at: entry.modified },
    ...{ content_created_at: entry.modified, content_modified_at: entry.modified },
  };
  if (!isFile(entry)) return { type: 'folder', ...shared };
  return { type: 'file', ...shared, size: entry.content.length, sha1: sha1(entry.content) };
}

function whenFound(tree: FileTree, id: string, answer: (entry: Entry) => CloudResponse): CloudResponse {
  const entry = tree.get(id);
  return entry === undefined ? problem(404, 'not_found') : answer(entry);
}

function whenFree(tree: FileTree, parent: string, name: string, answer: () => CloudResponse): CloudResponse {
  const taken = tree.find(name, parent);
  return taken === undefined ? answer() : conflict(taken);
}

function conflict(entry: Entry): CloudResponse {
  return problem(409, 'item_name_in_use', { conflicts: described(entry) });
}

function problem(status: number, code: string, context?: object): CloudResponse {
  return json({ type: 'error', status, code, message: code, context_info: context }, status);
}

function unknownCall({ method, url }: CloudRequest): CloudResponse {
  return problem(400, `unknown_call ${method} ${url.pathname}`);
}

function sha1(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}

function digest(content: Buffer): string {
  return `sha=${createHash('sha1').update(content).digest('base64')}`;
}
