import { createHash, randomUUID } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Item, itemTree } from './item-tree.ts';
import { multipartParts } from './multipart.ts';
import { type Route, routed } from './routes.ts';
import { type CloudResponse, download, json } from './traffic.ts';

/**
 * Box. Names differ by more than case; refresh tokens are good for one use.
 *
 * | covered | how rclone uses it |
 * |---|---|
 * | GET folders/ID/items, by offset and by marker | list |
 * | POST folders, PUT and DELETE folders/ID | mkdir, move, rmdir and purge |
 * | OPTIONS files/content | whether a name is taken, before an upload |
 * | POST files/content, files/ID/content | upload up to the cutoff |
 * | upload_sessions: start, parts with digests, commit, abort | upload above the cutoff, at least 50,000,000 bytes |
 * | GET files/ID/content | download |
 * | PUT and DELETE files/ID, POST files/ID/copy | move, times, delete, server-side copy |
 * | GET users/me | about |
 *
 * Not covered: trash (what is deleted is gone), shared links, events, collaborations, JWT and client credentials.
 */
export function startBox(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = itemTree('0', (left, right) => left.toLowerCase() === right.toLowerCase());
  return startOAuthCloud(
    {
      type: 'box',
      options: { client_id: 'box-client', client_secret: 'box-client-secret' },
      tokenUrls: ['https://app.box.com/api/oauth2/token', 'https://api.box.com/oauth2/token'],
      hosts: {
        'api.box.com': routed(itemRoutes(tree), () => problem(404, 'not_found')),
        'upload.box.com': routed(uploadRoutes(tree), () => problem(404, 'not_found')),
      },
      failure: (status) => problem(status, status === 401 ? 'unauthorized' : 'injected_failure'),
      files: tree.files,
      put: tree.put,
    },
    settings,
  );
}

type Tree = ReturnType<typeof itemTree>;

interface Target {
  readonly name?: string;
  readonly parent?: { readonly id: string };
  readonly content_modified_at?: string;
}

function itemRoutes(tree: Tree): readonly Route[] {
  const found = (id: string, answer: (item: Item) => CloudResponse) => {
    const item = tree.get(id);
    return item === undefined ? problem(404, 'not_found') : answer(item);
  };
  const changed = (item: Item, { name, parent, content_modified_at }: Target) => {
    const taken = tree.child(parent?.id ?? item.parent ?? '', name ?? item.name);
    if (taken !== undefined && taken.id !== item.id) return conflict(taken);
    item.name = name ?? item.name;
    item.parent = parent?.id ?? item.parent;
    item.modified = content_modified_at ?? item.modified;
    return json(described(item));
  };
  return [
    ['GET', /^\/2\.0\/users\/me$/, () => json({ type: 'user', id: '1', space_amount: 1e10, space_used: 0 })],
    ['GET', /^\/2\.0\/folders\/([^/]+)\/items$/, ({ url }, id) => found(id, () => page(tree, id, url.searchParams))],
    [
      'POST',
      /^\/2\.0\/folders$/,
      ({ body }) => {
        const { name = '', parent } = JSON.parse(body.toString()) as Target;
        const taken = tree.child(parent?.id ?? '0', name);
        return taken === undefined ? json(described(tree.add(parent?.id ?? '0', name, null)), 201) : conflict(taken);
      },
    ],
    [
      'OPTIONS',
      /^\/2\.0\/files\/content\/?$/,
      ({ body }) => {
        const { name = '', parent } = JSON.parse(body.toString()) as Target;
        const taken = tree.child(parent?.id ?? '0', name);
        return taken === undefined
          ? json({ upload_url: 'https://upload.box.com/api/2.0/files/content' })
          : conflict(taken);
      },
    ],
    [
      'GET',
      /^\/2\.0\/files\/([^/]+)\/content$/,
      (request, id) => found(id, ({ content }) => download(request, content ?? Buffer.alloc(0))),
    ],
    [
      'POST',
      /^\/2\.0\/files\/([^/]+)\/copy$/,
      ({ body }, id) =>
        found(id, (item) => {
          const { name = item.name, parent } = JSON.parse(body.toString()) as Target;
          const taken = tree.child(parent?.id ?? '0', name);
          if (taken !== undefined) return conflict(taken);
          return json(described(tree.add(parent?.id ?? '0', name, item.content, item.modified)), 201);
        }),
    ],
    ['GET', /^\/2\.0\/(?:files|folders)\/([^/]+)$/, (_, id) => found(id, (item) => json(described(item)))],
    [
      'PUT',
      /^\/2\.0\/(?:files|folders)\/([^/]+)$/,
      ({ body }, id) => found(id, (item) => changed(item, JSON.parse(body.toString()) as Target)),
    ],
    [
      'DELETE',
      /^\/2\.0\/(?:files|folders)\/([^/]+)$/,
      ({ url }, id) => {
        if (tree.children(id).length > 0 && url.searchParams.get('recursive') !== 'true') {
          return problem(400, 'folder_not_empty');
        }
        return found(id, () => {
          tree.remove(id);
          return { status: 204 };
        });
      },
    ],
  ];
}

function uploadRoutes(tree: Tree): readonly Route[] {
  const sessions = new Map<string, Session>();
  const started = (target: Omit<Session, 'content'>, size: number) => {
    const id = randomUUID();
    sessions.set(id, { ...target, content: Buffer.alloc(size) });
    return json({ type: 'upload_session', id, part_size: partBytes, total_parts: Math.ceil(size / partBytes) }, 201);
  };
  return [
    [
      'POST',
      /^\/api\/2\.0\/files(?:\/([^/]+))?\/content$/,
      (request, id) => {
        const [attributes, contents] = multipartParts(request);
        const { name = '', parent, content_modified_at } = JSON.parse(`${attributes?.body}`) as Target;
        return stored(
          tree,
          { id, parent: parent?.id ?? '0', name },
          contents?.body ?? Buffer.alloc(0),
          content_modified_at,
        );
      },
    ],
    [
      'POST',
      /^\/api\/2\.0\/files(?:\/([^/]+))?\/upload_sessions$/,
      ({ body }, id) => {
        const { folder_id = '0', file_name = '', file_size } = JSON.parse(body.toString()) as SessionRequest;
        return file_size < smallestSessionBytes
          ? problem(400, 'file_size_too_small')
          : started({ id, parent: folder_id, name: file_name }, file_size);
      },
    ],
  ];
}
