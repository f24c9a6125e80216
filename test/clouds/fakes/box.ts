import { conflict, described, failure, problem, whenFound, whenFree } from './box-answer.ts';
import { uploadRoutes } from './box-upload.ts';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, type FileTree, fileTree, isFile } from './file-tree.ts';
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
      failure,
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

function changed(tree: FileTree, entry: Entry, change: Readonly<Record<string, unknown>>): CloudResponse {
  const { name = entry.name, parent = { id: entry.parent }, content_modified_at = entry.modified } = change;
  const part = { name, parent: (parent as { id: string }).id, modified: content_modified_at } as {
    name: string;
    parent: string;
    modified: string;
  };
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

function unknownCall({ method, url }: CloudRequest): CloudResponse {
  return problem(400, `unknown_call ${method} ${url.pathname}`);
}
