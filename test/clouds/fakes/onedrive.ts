import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { quickXorHash } from './quick-xor-hash.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * OneDrive (personal) by Microsoft Graph 1.0, as rclone's backend `onedrive` uses it.
 *
 * | answered                                                          | not answered                              |
 * |-------------------------------------------------------------------|-------------------------------------------|
 * | an item by id, by path and by path below an id; the drive itself  | delta, permissions, versions, SharePoint  |
 * | children (in one page), new folder                                | @odata.nextLink                           |
 * | content: PUT, GET (by redirect to a signed address, ranges)       | copy on the server                        |
 * | createUploadSession and its parts                                 | cancelling or asking for a session        |
 * | PATCH: name, parent, time; DELETE                                 |                                           |
 */

const driveId = 'fake-drive';

export function startOneDrive(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree({ ignoresCase: true });
  const sessions = new Map<
    string,
    { readonly folder: string; readonly name: string; modified?: string; body: Buffer }
  >();

  function call(request: CloudRequest): CloudResponse {
    const path = decodeURIComponent(request.url.pathname).replace(/^\/v1\.0\/(drives\/fake-drive|me\/drive)/, '');
    if (path === '') return json({ id: driveId, driveType: 'personal', quota: { total: 1_000_000_000, used: 0 } });
    const byPath = /^\/(?:root|items\/([^/:]+)):\/(.*?)(?::\/?(content|createUploadSession|children)?)?$/.exec(path);
    if (byPath !== null) {
      const from = itemId(byPath[1] ?? 'root');
      const target = byPath[2] ?? '';
      if (byPath[3] === 'createUploadSession') return createSession(from, target, request);
      if (byPath[3] === 'content' && request.method === 'PUT') return put(from, target, request);
      return item(tree.find(target, from), byPath[3], request);
    }
    const byId = /^\/(?:root|items\/([^/]+))(?:\/(content|children))?$/.exec(path);
    return byId === null ? failure(400) : item(tree.get(itemId(byId[1] ?? 'root')), byId[2], request);
  }

  function item(entry: Entry | undefined, part: string | undefined, request: CloudRequest): CloudResponse {
    if (entry === undefined) return failure(404);
    if (part === 'children' && request.method === 'POST') {
      const { name } = JSON.parse(request.body.toString());
      if (tree.find(name, entry.id) !== undefined) return failure(409);
      return json(metadata(tree.add(entry.id, name, null)), 201);
    }
    if (part === 'children') return json({ value: tree.children(entry.id).map(metadata) });
    if (part === 'content')
      return { status: 302, headers: { location: `https://download.onedrive.example/${entry.id}` } };
    if (request.method === 'PATCH') return patch(entry, JSON.parse(request.body.toString()));
    if (request.method !== 'DELETE') return json(metadata(entry));
    tree.remove(entry.id);
    return { status: 204 };
  }

  function patch(entry: Entry, changes: ItemResource): CloudResponse {
    const parent = changes.parentReference?.id;
    const changed = tree.change(entry.id, {
      name: changes.name ?? entry.name,
      parent: parent === undefined ? entry.parent : itemId(parent),
      modified: changes.fileSystemInfo?.lastModifiedDateTime ?? entry.modified,
    });
    return json(metadata(changed));
  }

  function put(from: string, target: string, { body }: CloudRequest): CloudResponse {
    const place = placeOf(from, target);
    return place === null ? failure(404) : json(metadata(tree.write(place.folder, place.name, body)), 201);
  }

  function createSession(from: string, target: string, { body }: CloudRequest): CloudResponse {
    const place = placeOf(from, target);
    if (place === null) return failure(404);
    const { item: described }: { item?: ItemResource } = JSON.parse(body.toString() || '{}');
    const modified = described?.fileSystemInfo?.lastModifiedDateTime;
    const id = `session-${sessions.size}`;
    sessions.set(id, { ...place, ...(modified === undefined ? {} : { modified }), body: Buffer.alloc(0) });
    return json({ uploadUrl: `https://upload.onedrive.example/${id}`, expirationDateTime: '2099-01-01T00:00:00Z' });
  }

  function receivePart({ url, headers, body }: CloudRequest): CloudResponse {
    const session = sessions.get(url.pathname.slice(1));
    if (session === undefined) return failure(404);
    const { 'content-range': header = '' } = headers;
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header) ?? [];
    if (Number(start) !== session.body.length) return failure(416);
    session.body = Buffer.concat([session.body, body]);
    if (session.body.length < Number(total)) return json({ nextExpectedRanges: [`${session.body.length}-`] }, 202);
    return json(metadata(tree.write(session.folder, session.name, session.body, session.modified)), 201);
  }

  function sendContent(request: CloudRequest): CloudResponse {
    const content = tree.get(request.url.pathname.slice(1))?.content ?? null;
    return content === null ? failure(404) : download(request, content);
  }

  function placeOf(from: string, target: string): { readonly folder: string; readonly name: string } | null {
    const slash = target.lastIndexOf('/');
    const folder = tree.find(target.slice(0, Math.max(0, slash)), from);
    return folder === undefined ? null : { folder: folder.id, name: target.slice(slash + 1) };
  }

  /** rclone may put the drive before an id. */
  function itemId(id: string): string {
    const own = id.replace(/^.*#/, '');
    return own === 'root' ? tree.root.id : own;
  }

  function metadata(entry: Entry): object {
    const times = { createdDateTime: entry.modified, lastModifiedDateTime: entry.modified };
    const folder = entry.parent === null ? null : { id: entry.parent, path: '/drive/root:' };
    return {
      ...{ id: entry.id, name: entry.name || 'root', eTag: `"${entry.id}"`, ...times, fileSystemInfo: times },
      ...{ parentReference: { driveId, driveType: 'personal', ...folder }, size: entry.content?.length ?? 0 },
      ...(isFile(entry)
        ? { file: { mimeType: 'application/octet-stream', hashes: hashes(entry.content) } }
        : { folder: { childCount: tree.children(entry.id).length } }),
    };
  }

  return startOAuthCloud(
    {
      type: 'onedrive',
      options: { drive_id: driveId, drive_type: 'personal' },
      tokenUrls: ['https://login.microsoftonline.com/common/oauth2/v2.0/token'],
      hosts: { 'graph.microsoft.com': call },
      signedHosts: { 'upload.onedrive.example': receivePart, 'download.onedrive.example': sendContent },
      files: tree.files,
      put: tree.put,
      failure,
    },
    settings,
  );
}

interface ItemResource {
  readonly name?: string;
  readonly parentReference?: { readonly id?: string };
  readonly fileSystemInfo?: { readonly lastModifiedDateTime?: string };
}

function hashes(content: Buffer): object {
  const sha1Hash = createHash('sha1').update(content).digest('hex').toUpperCase();
  return { sha1Hash, quickXorHash: quickXorHash(content) };
}

function failure(status: number): CloudResponse {
  const codes: Readonly<Record<number, string>> = {
    ...{ 400: 'invalidRequest', 401: 'InvalidAuthenticationToken', 404: 'itemNotFound', 409: 'nameAlreadyExists' },
    ...{ 416: 'invalidRange', 429: 'activityLimitReached' },
  };
  const code = codes[status] ?? 'generalException';
  return json(
    { error: { code, message: `${code} from the fake` } },
    status,
    status === 429 ? { 'retry-after': '1' } : {},
  );
}
