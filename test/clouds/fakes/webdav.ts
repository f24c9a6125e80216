import { createHash } from 'node:crypto';
import type { FakeCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { startHttpCloud } from './http-cloud.ts';
import { type CloudRequest, type CloudResponse, download } from './traffic.ts';

/*
 * A WebDAV server that owes nothing to rclone's own: Nextcloud's, or a plain one that keeps neither times nor hashes.
 *
 * | answered                                                          | not answered                          |
 * |-------------------------------------------------------------------|---------------------------------------|
 * | basic authentication; PROPFIND of depth 0 and 1                   | digest, cookies, depth infinity       |
 * | GET and HEAD (ranges), PUT, DELETE, MKCOL                         | locks, PROPPATCH, conditions          |
 * | MOVE and COPY of files and folders, with Overwrite                | quota, trash bin, versions            |
 * | Nextcloud: X-OC-Mtime, OC-Checksum, chunked upload (version 1)    | search                                |
 */

const user = 'alice';
const pass = 'fake webdav password';
const roots = { nextcloud: `/remote.php/dav/files/${user}`, other: '/files' };

export interface WebdavSettings {
  readonly vendor?: 'nextcloud' | 'other';
  /** Whether names that differ only in case are one, as on a server whose disk is so. */
  readonly ignoresCase?: boolean;
  /** What the server makes of the name of a file or folder, whenever it reads one. */
  readonly rename?: (name: string) => string;
}

export function startWebdav(settings: WebdavSettings = {}): Promise<FakeCloud> {
  const { vendor = 'nextcloud', ignoresCase = false, rename = (name) => name } = settings;
  const tree = fileTree({ ignoresCase });
  const keepsMore = vendor === 'nextcloud';
  tree.makeFolders(roots[vendor]);
  // Nextcloud's chunks lie beside the files until they are moved there as one.
  tree.makeFolders(`/remote.php/dav/uploads/${user}`);
  const checksums = new Map<string, string>();

  function handle(request: CloudRequest): CloudResponse {
    const expected = `Basic ${Buffer.from(`${user}:${pass}`).toString('base64')}`;
    const { authorization } = request.headers;
    if (authorization !== expected) {
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="fake"' } };
    }
    const path = pathIn(request.url);
    const entry = tree.find(path);
    switch (request.method) {
      case 'PUT':
        return store(path, request);
      case 'MKCOL':
        return makeFolder(path);
      case 'MOVE':
        if (path.startsWith(`/remote.php/dav/uploads/`) && path.endsWith('/.file')) return assemble(path, request);
        return entry === undefined ? missing(path) : transfer(entry, request);
      case 'COPY':
        return entry === undefined ? missing(path) : transfer(entry, request);
      default:
        return entry === undefined ? missing(path) : onEntry(entry, request);
    }
  }

  function pathIn({ pathname }: URL): string {
    const path = decodeURIComponent(pathname);
    const root = `${roots[vendor]}/`;
    return path.startsWith(root) ? root + path.slice(root.length).split('/').map(rename).join('/') : path;
  }

  function onEntry(entry: Entry, request: CloudRequest): CloudResponse {
    switch (request.method) {
      case 'PROPFIND': {
        const { depth } = request.headers;
        const inside = depth === '0' ? [] : tree.children(entry.id);
        return multistatus([entry, ...inside].map(response).join(''));
      }
      case 'DELETE':
        tree.remove(entry.id);
        return { status: 204 };
      case 'GET':
      case 'HEAD':
        return isFile(entry) ? download(request, entry.content) : { status: 405 };
      default:
        return { status: 405 };
    }
  }

  function store(path: string, { headers, body }: CloudRequest): CloudResponse {
    const { folder, name } = placeOf(path);
    if (folder === undefined) return { status: 409 };
    const { 'oc-checksum': checksum } = headers;
    if (keepsMore && checksum !== undefined && !fits(checksum, body)) return { status: 400 };
    const created = tree.find(path) === undefined;
    const entry = tree.write(folder.id, name, body, keepsMore ? modifiedOf(headers) : undefined);
    if (checksum !== undefined) checksums.set(entry.id, checksum);
    return { status: created ? 201 : 204, headers: keepsMore ? { 'x-oc-mtime': 'accepted' } : {} };
  }

  function makeFolder(path: string): CloudResponse {
    const { folder, name } = placeOf(path);
    if (folder === undefined) return { status: 409 };
    if (tree.find(path) !== undefined) return { status: 405 };
    tree.add(folder.id, name, null);
    return { status: 201 };
  }

  function transfer(entry: Entry, { method, headers }: CloudRequest): CloudResponse {
    const { destination = '', overwrite } = headers;
    const path = pathIn(new URL(destination));
    const { folder, name } = placeOf(path);
    if (folder === undefined) return { status: 409 };
    const replaced = tree.find(path);
    if (replaced !== undefined && overwrite === 'F') return { status: 412 };
    if (replaced !== undefined) tree.remove(replaced.id);
    if (method === 'MOVE') tree.change(entry.id, { parent: folder.id, name });
    else duplicate(entry, folder.id, name);
    return { status: replaced === undefined ? 201 : 204 };
  }

  function duplicate(entry: Entry, parent: string, name: string): void {
    const inside = tree.children(entry.id);
    const copy = tree.add(parent, name, entry.content, entry.modified);
    for (const each of inside) duplicate(each, copy.id, each.name);
  }

  /** https://docs.nextcloud.com/server/latest/developer_manual/client_apis/WebDAV/chunking.html: parts in order of name. */
  function assemble(path: string, request: CloudRequest): CloudResponse {
    const session = tree.find(path.slice(0, path.lastIndexOf('/')));
    if (session === undefined) return missing(path);
    const parts = [...tree.children(session.id)].sort((left, right) => (left.name < right.name ? -1 : 1));
    const body = Buffer.concat(parts.map(({ content }) => content ?? Buffer.alloc(0)));
    const { destination = '' } = request.headers;
    tree.remove(session.id);
    return store(pathIn(new URL(destination)), { ...request, body });
  }

  function placeOf(path: string): { readonly folder: Entry | undefined; readonly name: string } {
    const whole = path.replace(/\/$/, '');
    const slash = whole.lastIndexOf('/');
    return { folder: tree.find(whole.slice(0, slash)), name: whole.slice(slash + 1) };
  }

  function response(entry: Entry): string {
    const href = `/${tree.pathOf(entry).split('/').map(encodeURIComponent).join('/')}${isFile(entry) ? '' : '/'}`;
    const checksum = checksums.get(entry.id);
    const properties = isFile(entry)
      ? `<d:resourcetype/><d:getcontentlength>${entry.content.length}</d:getcontentlength>`
      : '<d:resourcetype><d:collection/></d:resourcetype>';
    const hashes = checksum === undefined ? '' : `<oc:checksums><oc:checksum>${checksum}</oc:checksum></oc:checksums>`;
    const time = `<d:getlastmodified>${new Date(entry.modified).toUTCString()}</d:getlastmodified>`;
    return `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}${time}${hashes}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  }

  const below = (path: string) => `${roots[vendor]}/${path}`.slice(1);
  return startHttpCloud({
    type: 'webdav',
    options: (origin) => ({ url: `${origin}${roots[vendor]}`, vendor, user, pass }),
    handler: handle,
    files: () =>
      new Map(
        [...tree.files()].flatMap(([path, content]) =>
          path.startsWith(below('')) ? [[path.slice(below('').length), content] as const] : [],
        ),
      ),
    put: (path, content) => tree.put(below(path), content),
  });
}

function fits(checksum: string, body: Buffer): boolean {
  const [algorithm = '', digest] = checksum.split(':');
  return createHash(algorithm.toLowerCase()).update(body).digest('hex') === digest;
}

/** `x-oc-mtime` is in seconds since 1970. */
function modifiedOf({ 'x-oc-mtime': time }: Readonly<Record<string, string>>): string | undefined {
  return time === undefined ? undefined : new Date(Number(time) * 1000).toISOString();
}

function multistatus(responses: string): CloudResponse {
  const body = `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns">${responses}</d:multistatus>`;
  return { status: 207, headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}

function missing(path: string): CloudResponse {
  const body = `<?xml version="1.0"?><d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\NotFound</s:exception><s:message>${path.replace(/[<&]/g, '_')} could not be located</s:message></d:error>`;
  return { status: 404, headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}
