import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { multipartParts } from './multipart.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * pCloud, as rclone's backend `pcloud` uses it. Errors are numbers in the body of a 200, as pCloud has them.
 *
 * | answered                                                             | not answered                          |
 * |----------------------------------------------------------------------|---------------------------------------|
 * | listfolder (also recursive), createfolder, deletefolder(recursive)   | trash_clear, which needs a password   |
 * | renamefolder, renamefile, copyfile, deletefile, stat                 | publinks, diff                        |
 * | uploadfile (form or bare body), checksumfile (MD5 and SHA-1)         | file_open and file_write of streams   |
 * | getfilelink and the download that it points to (ranges), userinfo    |                                       |
 */

export function startPcloud(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree();

  function call(request: CloudRequest): CloudResponse {
    const { pathname, searchParams } = request.url;
    const parameter = (name: string) => searchParams.get(name) ?? '';
    switch (pathname) {
      case '/userinfo':
        return ok({ userid: 1, quota: 1_000_000_000, usedquota: 0 });
      case '/listfolder':
        return folder(searchParams, (entry) => ok({ metadata: listing(entry, parameter('recursive') === '1') }));
      case '/createfolder':
        return folder(searchParams, ({ id }) => {
          if (tree.find(parameter('name'), id) !== undefined) return problem(2004, 'File or folder already exists.');
          return ok({ metadata: metadata(tree.add(id, parameter('name'), null)) });
        });
      case '/deletefolder':
        return folder(searchParams, (entry) =>
          tree.children(entry.id).length > 0 ? problem(2006, 'Folder is not empty.') : removed(entry),
        );
      case '/deletefolderrecursive':
        return folder(searchParams, removed);
      case '/renamefolder':
        return folder(searchParams, (entry) => ok({ metadata: metadata(moved(entry, searchParams)) }));
      case '/uploadfile':
        return upload(request);
      case '/renamefile':
        return file(searchParams, (entry) => ok({ metadata: metadata(moved(entry, searchParams)) }));
      case '/copyfile':
        return file(searchParams, ({ content, modified }) =>
          ok({ metadata: metadata(tree.write(parameter('tofolderid'), parameter('toname'), content, modified)) }),
        );
      case '/deletefile':
        return file(searchParams, removed);
      case '/stat':
        return file(searchParams, (entry) => ok({ metadata: metadata(entry) }));
      case '/checksumfile':
        return file(searchParams, (entry) => ok({ metadata: metadata(entry), ...checksums(entry.content) }));
      case '/getfilelink':
        return file(searchParams, ({ id }) =>
          ok({ hosts: ['download.pcloud.example'], path: `/${id}`, expires: date() }),
        );
      default:
        return problem(1000, `Unknown method ${pathname}.`);
    }
  }

  function folder(parameters: URLSearchParams, answer: (entry: Entry) => CloudResponse): CloudResponse {
    const entry = tree.get(parameters.get('folderid') ?? '');
    return entry === undefined || isFile(entry) ? problem(2005, 'Directory does not exist.') : answer(entry);
  }

  function file(
    parameters: URLSearchParams,
    answer: (entry: Entry & { readonly content: Buffer }) => CloudResponse,
  ): CloudResponse {
    const entry = tree.get(parameters.get('fileid') ?? '');
    return entry === undefined || !isFile(entry) ? problem(2009, 'File not found.') : answer(entry);
  }

  /** rclone sends an empty file as a form, with the parameters in it, because a request must have a length. */
  function upload({ url, headers, body }: CloudRequest): CloudResponse {
    const { 'content-type': type = '' } = headers;
    const parts = type.startsWith('multipart/') ? multipartParts(headers, body) : [];
    const parameters = new URLSearchParams(url.searchParams);
    for (const part of parts) if (part.name !== 'content') parameters.set(part.name, part.body.toString());
    const content = parts.length === 0 ? body : (parts.find(({ name }) => name === 'content')?.body ?? Buffer.alloc(0));
    return folder(parameters, ({ id }) => {
      const modified = parameters.get('mtime');
      const time = modified === null ? undefined : new Date(Number(modified) * 1000).toISOString();
      const entry = tree.write(id, parameters.get('filename') ?? '', content, time);
      return ok({ fileids: [Number(entry.id)], metadata: [metadata(entry)], checksums: [checksums(entry.content)] });
    });
  }

  function moved(entry: Entry, parameters: URLSearchParams): Entry {
    const parent = parameters.get('tofolderid') ?? entry.parent ?? tree.root.id;
    const name = parameters.get('toname') ?? entry.name;
    const replaced = tree.find(name, parent);
    if (replaced !== undefined && replaced.id !== entry.id) tree.remove(replaced.id);
    return tree.change(entry.id, { parent, name });
  }

  function removed(entry: Entry): CloudResponse {
    tree.remove(entry.id);
    return ok({ metadata: metadata(entry) });
  }

  function listing(entry: Entry, recursive: boolean): object {
    const inside = tree.children(entry.id);
    const contents = inside.map((each) => (recursive && !isFile(each) ? listing(each, true) : metadata(each)));
    return { ...metadata(entry), contents };
  }

  function sendContent(request: CloudRequest): CloudResponse {
    const content = tree.get(request.url.pathname.slice(1))?.content ?? null;
    return content === null ? { status: 404 } : download(request, content);
  }

  return startOAuthCloud(
    {
      type: 'pcloud',
      options: { hostname: 'api.pcloud.com' },
      tokenUrls: ['https://api.pcloud.com/oauth2_token'],
      hosts: { 'api.pcloud.com': call },
      signedHosts: { 'download.pcloud.example': sendContent },
      files: tree.files,
      put: tree.put,
      failure: (status) => json({ result: status === 401 ? 2094 : 5000, error: `Injected failure ${status}` }, status),
    },
    settings,
  );
}

function metadata(entry: Entry): object {
  const time = date(entry.modified);
  const common = { name: entry.name || '/', created: time, modified: time, ismine: true, isfolder: !isFile(entry) };
  const id = Number(entry.id);
  const placed = { ...common, parentfolderid: Number(entry.parent ?? 0) };
  if (!isFile(entry)) return { ...placed, id: `d${id}`, folderid: id };
  return {
    ...placed,
    id: `f${id}`,
    fileid: id,
    size: entry.content.length,
    hash: id,
    contenttype: 'application/octet-stream',
  };
}

function checksums(content: Buffer): object {
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
  return { md5: digest('md5'), sha1: digest('sha1') };
}

/** As in `Thu, 19 Sep 2013 07:31:46 +0000`. */
function date(time = '2099-01-01T00:00:00Z'): string {
  return new Date(time).toUTCString().replace('GMT', '+0000');
}

function ok(answer: object): CloudResponse {
  return json({ result: 0, ...answer });
}

function problem(result: number, error: string): CloudResponse {
  return json({ result, error });
}
