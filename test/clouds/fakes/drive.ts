import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { multipartParts } from './multipart.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Google Drive, API 3, as rclone's backend `drive` uses it. The root folder's id is `root`.
 *
 * | answered                                                          | not answered                               |
 * |-------------------------------------------------------------------|--------------------------------------------|
 * | files.list by parents, name and mimeType, in one page             | other queries, page tokens, shared drives  |
 * | files.get (also alt=media, ranges), .create, .copy                | exports of documents, shortcuts            |
 * | files.update: name, time, trash, addParents and removeParents     | permissions, properties, revisions         |
 * | files.delete; upload: multipart and resumable in chunks           | a resumable upload's status query, changes |
 * | about.get                                                         |                                            |
 */

const folderType = 'application/vnd.google-apps.folder';

export function startDrive(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree();
  const uploads = new Map<string, { readonly id: string | undefined; readonly target: FileResource; body: Buffer }>();
  const entryOf = (id: string) => tree.get(id === 'root' ? tree.root.id : id);
  const idOf = (parents: readonly string[] | undefined) => entryOf(parents?.[0] ?? 'root')?.id ?? tree.root.id;

  function call(request: CloudRequest): CloudResponse {
    const { pathname, searchParams } = request.url;
    const [, upload, , id, copy] =
      /^(\/upload)?\/drive\/v3\/(files|about)(?:\/([^/]+))?(\/copy)?$/.exec(pathname) ?? [];
    if (pathname === '/drive/v3/about') return json({ storageQuota: { limit: '1000000000', usage: '0' } });
    if (upload !== undefined) return receive(request, id);
    if (id === undefined) return request.method === 'POST' ? createFolder(request) : list(searchParams.get('q') ?? '');
    const entry = entryOf(id);
    if (entry === undefined) return failure(404);
    if (copy !== undefined) return copied(entry, resource(request.body));
    if (request.method === 'DELETE') return removed(entry);
    if (request.method === 'PATCH') return updated(entry, request);
    if (searchParams.get('alt') !== 'media') return json(metadata(entry));
    return isFile(entry) ? download(request, entry.content) : failure(403);
  }

  function list(query: string): CloudResponse {
    const parents = [...query.matchAll(/'([^']+)' in parents/g)].map((match) => entryOf(match[1] ?? '')?.id);
    const name = /name ?= ?'((?:[^'\\]|\\.)*)'/.exec(query)?.[1]?.replace(/\\(.)/g, '$1');
    const foldersOnly = new RegExp(`mimeType ?= ?'${folderType}'`).test(query);
    const files = parents
      .flatMap((id) => (id === undefined ? [] : tree.children(id)))
      .filter((entry) => (name === undefined || entry.name === name) && !(foldersOnly && isFile(entry)));
    return json({ files: files.map(metadata), incompleteSearch: false });
  }

  function createFolder({ body }: CloudRequest): CloudResponse {
    const { name, parents, mimeType } = resource(body);
    return json(metadata(tree.add(idOf(parents), name, mimeType === folderType ? null : Buffer.alloc(0))));
  }

  function copied(entry: Entry, { name, parents, modifiedTime }: FileResource): CloudResponse {
    return json(metadata(tree.add(idOf(parents), name, entry.content, modifiedTime ?? entry.modified)));
  }

  function removed(entry: Entry): CloudResponse {
    tree.remove(entry.id);
    return { status: 204 };
  }

  function updated(entry: Entry, { url, body }: CloudRequest): CloudResponse {
    const { name, trashed, modifiedTime } = resource(body);
    const parent = url.searchParams.get('addParents');
    const changed = tree.change(entry.id, {
      name: name ?? entry.name,
      modified: modifiedTime ?? entry.modified,
      parent: parent === null ? entry.parent : idOf([parent]),
    });
    if (trashed === true) tree.remove(entry.id);
    return json(metadata(changed));
  }

  function receive({ url, headers, body }: CloudRequest, id: string | undefined): CloudResponse {
    const upload = url.searchParams.get('upload_id');
    if (url.searchParams.get('uploadType') === 'multipart') {
      const [description, content] = multipartParts(headers, body);
      return stored(id, resource(description?.body ?? Buffer.alloc(0)), content?.body ?? Buffer.alloc(0));
    }
    if (upload === null) {
      const session = `upload-${uploads.size}`;
      uploads.set(session, { id, target: resource(body), body: Buffer.alloc(0) });
      return { status: 200, headers: { location: `${url.href}&upload_id=${session}` } };
    }
    const session = uploads.get(upload);
    if (session === undefined) return failure(404);
    const { 'content-range': range = '' } = headers;
    session.body = Buffer.concat([session.body, body]);
    if (session.body.length === Number(/\/(\d+)$/.exec(range)?.[1]))
      return stored(session.id, session.target, session.body);
    return { status: 308, headers: { range: `bytes=0-${session.body.length - 1}` } };
  }

  function stored(id: string | undefined, target: FileResource, content: Buffer): CloudResponse {
    const modified = target.modifiedTime;
    if (id === undefined) return json(metadata(tree.add(idOf(target.parents), target.name, content, modified)));
    return json(metadata(tree.change(id, { content, ...(modified === undefined ? {} : { modified }) })));
  }

  function metadata(entry: Entry): object {
    const parents = entry.parent === null ? [] : [entry.parent === tree.root.id ? 'root' : entry.parent];
    const id = entry.parent === null ? 'root' : entry.id;
    const common = { id, name: entry.name, parents, trashed: false, modifiedTime: entry.modified };
    if (!isFile(entry)) return { ...common, mimeType: folderType };
    const md5Checksum = createHash('md5').update(entry.content).digest('hex');
    const size = String(entry.content.length);
    return { ...common, mimeType: 'application/octet-stream', size, md5Checksum, capabilities: { canDownload: true } };
  }

  return startOAuthCloud(
    {
      type: 'drive',
      options: { client_id: 'fake-client', client_secret: 'fake-client-secret', scope: 'drive' },
      tokenUrls: ['https://oauth2.googleapis.com/token'],
      hosts: { 'www.googleapis.com': call },
      files: tree.files,
      put: tree.put,
      failure,
    },
    settings,
  );
}

interface FileResource {
  readonly name: string;
  readonly parents?: readonly string[];
  readonly mimeType?: string;
  readonly modifiedTime?: string;
  readonly trashed?: boolean;
}

function resource(body: Buffer): FileResource {
  return JSON.parse(body.toString() || '{}');
}

function failure(status: number): CloudResponse {
  const reasons: Readonly<Record<number, string>> = { 401: 'authError', 404: 'notFound', 429: 'rateLimitExceeded' };
  const reason = reasons[status] ?? 'backendError';
  return json(
    { error: { code: status, message: reason, errors: [{ domain: 'global', reason, message: reason }] } },
    status,
  );
}
