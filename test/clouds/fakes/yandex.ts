import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { routed } from './routes.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Yandex Disk, REST API v1, as rclone's backend `yandex` uses it.
 *
 * | answered                                                        | not answered                               |
 * |-----------------------------------------------------------------|--------------------------------------------|
 * | resources: read and list by pages, make, delete, set properties | trash: what is deleted is gone             |
 * | resources/copy, resources/move                                  | operations that go on in the background    |
 * | resources/upload and the PUT to the address it gives            | publish and unpublish, public resources    |
 * | resources/download and the GET, with ranges, that follows       | a file's checksum is there at once, though |
 * | disk: space                                                     | Yandex may take a while                    |
 */

const api = 'https://cloud-api.yandex.com/v1/disk';
const uploader = 'https://uploader.disk.yandex.net/upload';
const downloader = 'https://downloader.disk.yandex.ru/disk';

const statusNames: Readonly<Record<number, string>> = {
  ...{ 401: 'UnauthorizedError', 403: 'ForbiddenError', 404: 'DiskNotFoundError', 429: 'TooManyRequestsError' },
  ...{ 500: 'InternalServerError', 503: 'DiskServiceUnavailableError', 507: 'DiskStorageQuotaExhaustedError' },
};

export function startYandex(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree();
  /** By entry id; rclone keeps the time of a file here. */
  const properties = new Map<string, object>();

  function read({ url }: CloudRequest): CloudResponse {
    return whenFound(url, (entry) => {
      const all = tree.children(entry.id);
      const [limit, offset] = [
        Number(url.searchParams.get('limit') ?? 20),
        Number(url.searchParams.get('offset') ?? 0),
      ];
      const items = all.slice(offset, offset + limit).map(described);
      const embedded = isFile(entry) ? {} : { _embedded: { items, limit, offset, total: all.length } };
      return json({ ...described(entry), ...embedded });
    });
  }

  function make({ url }: CloudRequest): CloudResponse {
    return whenFree(url, (folder, name) => {
      tree.add(folder.id, name, null);
      return link(`${api}/resources?path=${encodeURIComponent(pathIn(url))}`, 201);
    });
  }

  function remove({ url }: CloudRequest): CloudResponse {
    return whenFound(url, (entry) => {
      tree.remove(entry.id);
      return { status: 204 };
    });
  }

  function setProperties({ url, body }: CloudRequest): CloudResponse {
    return whenFound(url, (entry) => {
      const { custom_properties } = JSON.parse(body.toString());
      properties.set(entry.id, { ...properties.get(entry.id), ...custom_properties });
      return json(described(entry));
    });
  }

  /** `overwrite` is the only case in which the name may be taken. */
  function transfer({ url }: CloudRequest, place: (entry: Entry, folder: Entry, name: string) => void): CloudResponse {
    return whenFound(
      url,
      (entry) => {
        const taken = tree.find(pathIn(url));
        if (taken !== undefined && url.searchParams.get('overwrite') === 'true') tree.remove(taken.id);
        return whenFree(url, (folder, name) => {
          place(entry, folder, name);
          return link(`${api}/resources?path=${encodeURIComponent(pathIn(url))}`, 201);
        });
      },
      'from',
    );
  }

  function copy(entry: Entry, folder: Entry, name: string): void {
    const { id } = tree.add(folder.id, name, entry.content, entry.modified);
    properties.set(id, properties.get(entry.id) ?? {});
    for (const child of tree.children(entry.id)) copy(child, tree.get(id) ?? folder, child.name);
  }

  function move({ id }: Entry, folder: Entry, name: string): void {
    tree.change(id, { parent: folder.id, name });
  }

  function uploadAddress({ url }: CloudRequest): CloudResponse {
    const address = `${uploader}?path=${encodeURIComponent(pathIn(url))}`;
    if (tree.find(pathIn(url)) !== undefined && url.searchParams.get('overwrite') === 'true') return link(address);
    return whenFree(url, () => link(address));
  }

  function upload({ url, body }: CloudRequest): CloudResponse {
    const { folder, name } = place(pathIn(url));
    if (folder === undefined) return problem(409, 'DiskPathDoesntExistsError');
    properties.delete(tree.write(folder.id, name, body).id);
    return { status: 201 };
  }

  function downloadAddress({ url }: CloudRequest): CloudResponse {
    return whenFound(url, ({ id }) => link(`${downloader}?id=${id}`));
  }

  function content(request: CloudRequest): CloudResponse {
    const entry = tree.get(request.url.searchParams.get('id') ?? '');
    return entry?.content === undefined || entry.content === null
      ? problem(404, 'DiskNotFoundError')
      : download(request, entry.content);
  }

  function described(entry: Entry): object {
    const shared = {
      ...{ name: entry.name, path: `disk:/${tree.pathOf(entry)}`, created: entry.modified, modified: entry.modified },
      custom_properties: properties.get(entry.id),
    };
    if (!isFile(entry)) return { type: 'dir', ...shared };
    const md5 = createHash('md5').update(entry.content).digest('hex');
    return { type: 'file', ...shared, md5, size: entry.content.length, mime_type: 'application/octet-stream' };
  }

  function whenFound(url: URL, answer: (entry: Entry) => CloudResponse, parameter = 'path'): CloudResponse {
    const entry = tree.find(pathIn(url, parameter));
    return entry === undefined ? problem(404, 'DiskNotFoundError') : answer(entry);
  }

  /** Folders are not made on the way: a name can only be taken in a folder that is there. */
  function whenFree(url: URL, answer: (folder: Entry, name: string) => CloudResponse): CloudResponse {
    const { folder, name } = place(pathIn(url));
    if (folder === undefined) return problem(409, 'DiskPathDoesntExistsError');
    const taken = tree.find(name, folder.id);
    if (taken === undefined) return answer(folder, name);
    return problem(409, isFile(taken) ? 'DiskResourceAlreadyExistsError' : 'DiskPathPointsToExistentDirectoryError');
  }

  function place(path: string): { readonly folder: Entry | undefined; readonly name: string } {
    const names = path.split('/');
    const name = names.pop() ?? '';
    return { folder: tree.find(names.join('/')), name };
  }

  return startOAuthCloud(
    {
      type: 'yandex',
      options: { client_id: 'yandex-client', client_secret: 'yandex-client-secret' },
      tokenUrls: ['https://oauth.yandex.com/token'],
      hosts: {
        'cloud-api.yandex.com': routed(
          [
            ['GET', /^\/v1\/disk\/?$/, () => json({ total_space: 10_000_000_000, used_space: 0, trash_size: 0 })],
            ['GET', /^\/v1\/disk\/resources$/, read],
            ['PUT', /^\/v1\/disk\/resources$/, make],
            ['DELETE', /^\/v1\/disk\/resources$/, remove],
            ['PATCH', /^\/v1\/disk\/resources$/, setProperties],
            ['POST', /^\/v1\/disk\/resources\/copy$/, (request) => transfer(request, copy)],
            ['POST', /^\/v1\/disk\/resources\/move$/, (request) => transfer(request, move)],
            ['GET', /^\/v1\/disk\/resources\/upload$/, uploadAddress],
            ['GET', /^\/v1\/disk\/resources\/download$/, downloadAddress],
          ],
          ({ method, url }) => problem(400, `UnknownCall ${method} ${url.pathname}`),
        ),
      },
      signedHosts: { 'uploader.disk.yandex.net': upload, 'downloader.disk.yandex.ru': content },
      files: tree.files,
      put: tree.put,
      failure: (status) => problem(status, statusNames[status] ?? 'BadRequestError'),
    },
    settings,
  );
}

/** Without the scheme that a path may begin with, and without a slash at either end. */
function pathIn({ searchParams }: URL, parameter = 'path'): string {
  return (searchParams.get(parameter) ?? '').replace(/^disk:/, '').replace(/^\/+|\/+$/g, '');
}

function link(href: string, status = 200): CloudResponse {
  return json({ href, method: 'GET', templated: false }, status);
}

function problem(status: number, error: string): CloudResponse {
  return json({ error, description: error, message: error }, status);
}
