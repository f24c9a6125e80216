import { createHash } from 'node:crypto';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Entry, fileTree, isFile } from './file-tree.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Dropbox, API 2, as rclone's backend `dropbox` uses it.
 *
 * | answered                                                                  | not answered                        |
 * |---------------------------------------------------------------------------|-------------------------------------|
 * | list_folder (recursive or not, in one page), get_metadata                 | list_folder/continue                |
 * | create_folder_v2, delete_v2, move_v2, copy_v2                             | copies and moves of shared folders  |
 * | upload, upload_session: start, append_v2, finish, finish_batch(_v2)       | asynchronous batches (batch/check)  |
 * | download (by path or id, ranges), users/get_space_usage, _current_account | sharing, Paper documents, revisions |
 */

const megabytes4 = 4 * 1024 * 1024;

export function startDropbox(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const tree = fileTree({ ignoresCase: true });
  const sessions = new Map<string, Buffer>();

  function call(request: CloudRequest): CloudResponse {
    const parameters = JSON.parse(request.body.toString() || '{}') ?? {};
    switch (request.url.pathname) {
      case '/2/files/list_folder':
        return list(parameters.path, parameters.recursive === true);
      case '/2/files/get_metadata':
        return whenFound(parameters.path, (entry) => json(metadata(entry)));
      case '/2/files/create_folder_v2':
        if (tree.find(parameters.path) !== undefined) return conflict('folder');
        return json({ metadata: metadata(tree.makeFolders(parameters.path)) });
      case '/2/files/delete_v2':
        return whenFound(parameters.path, (entry) => {
          tree.remove(entry.id);
          return json({ metadata: metadata(entry) });
        });
      case '/2/files/move_v2':
        return whenFound(parameters.from_path, (entry) =>
          json({ metadata: metadata(move(entry, parameters.to_path)) }),
        );
      case '/2/files/copy_v2':
        return whenFound(parameters.from_path, ({ content, modified }) =>
          json({ metadata: metadata(write(parameters.to_path, content ?? Buffer.alloc(0), modified)) }),
        );
      case '/2/files/upload_session/finish_batch':
        return json({ '.tag': 'complete', entries: parameters.entries.map(finished) });
      case '/2/files/upload_session/finish_batch_v2':
        return json({ entries: parameters.entries.map(finished) });
      case '/2/users/get_space_usage':
        return json({ used: 0, allocation: { '.tag': 'individual', allocated: 2_000_000_000 } });
      case '/2/users/get_current_account':
        return json({ account_id: 'dbid:fake', root_info: { '.tag': 'user', root_namespace_id: '1' } });
      default:
        return unknownCall(request);
    }
  }

  function content(request: CloudRequest): CloudResponse {
    const { 'dropbox-api-arg': header = '{}' } = request.headers;
    const parameters = JSON.parse(header);
    switch (request.url.pathname) {
      case '/2/files/upload':
        return json(metadata(write(parameters.path, request.body, parameters.client_modified)));
      case '/2/files/upload_session/start': {
        const id = `session-${sessions.size}`;
        sessions.set(id, request.body);
        return json({ session_id: id });
      }
      case '/2/files/upload_session/append_v2':
        return append(parameters.cursor, request.body) ?? json(null);
      case '/2/files/upload_session/finish':
        return append(parameters.cursor, request.body) ?? json(finished(parameters));
      case '/2/files/download':
        return whenFound(parameters.path, (entry) =>
          download(request, entry.content ?? Buffer.alloc(0), { 'dropbox-api-result': asciiJson(metadata(entry)) }),
        );
      default:
        return unknownCall(request);
    }
  }

  function list(path: string, recursive: boolean): CloudResponse {
    return whenFound(path, (folder) => {
      const below = (id: string): readonly Entry[] =>
        tree.children(id).flatMap((entry) => [entry, ...(recursive ? below(entry.id) : [])]);
      return json({ entries: below(folder.id).map(metadata), cursor: 'end', has_more: false });
    });
  }

  function whenFound(path: string, answer: (entry: Entry) => CloudResponse): CloudResponse {
    const entry = path.startsWith('id:') ? tree.get(path.slice(3)) : tree.find(path);
    return entry === undefined ? notFound() : answer(entry);
  }

  function write(path: string, body: Buffer, modified: string | undefined): Entry {
    const { folder, name } = place(path);
    return tree.write(folder, name, body, modified);
  }

  function move(entry: Entry, path: string): Entry {
    const { folder, name } = place(path);
    return tree.change(entry.id, { parent: folder, name });
  }

  function place(path: string): { readonly folder: string; readonly name: string } {
    const slash = path.lastIndexOf('/');
    return { folder: tree.makeFolders(path.slice(0, slash)).id, name: path.slice(slash + 1) };
  }

  /** An offset that does not fit tells rclone how much arrived, after a request whose answer was lost. */
  function append(cursor: { session_id: string; offset: number }, body: Buffer): CloudResponse | null {
    const stored = sessions.get(cursor.session_id) ?? Buffer.alloc(0);
    if (cursor.offset !== stored.length) {
      const problem = { '.tag': 'incorrect_offset', correct_offset: stored.length };
      return json({ error_summary: 'incorrect_offset/', error: problem }, 409);
    }
    sessions.set(cursor.session_id, Buffer.concat([stored, body]));
    return null;
  }

  function finished({ cursor, commit }: { cursor: { session_id: string }; commit: Commit }): object {
    const entry = write(commit.path, sessions.get(cursor.session_id) ?? Buffer.alloc(0), commit.client_modified);
    return { ...metadata(entry), '.tag': 'success' };
  }

  function metadata(entry: Entry): object {
    const path = `/${tree.pathOf(entry)}`;
    const shared = { name: entry.name, path_lower: path.toLowerCase(), path_display: path, id: `id:${entry.id}` };
    if (!isFile(entry)) return { '.tag': 'folder', ...shared };
    const modified = `${entry.modified.slice(0, 19)}Z`;
    return {
      ...{ '.tag': 'file', ...shared, rev: `0${entry.id}00000000`, size: entry.content.length },
      ...{ client_modified: modified, server_modified: modified, content_hash: dropboxHash(entry.content) },
      is_downloadable: true,
    };
  }

  return startOAuthCloud(
    {
      type: 'dropbox',
      options: {},
      tokenUrls: ['https://api.dropboxapi.com/oauth2/token', 'https://api.dropboxapi.com/1/oauth2/token'],
      hosts: { 'api.dropboxapi.com': call, 'content.dropboxapi.com': content },
      files: tree.files,
      put: tree.put,
      failure,
    },
    settings,
  );
}

interface Commit {
  readonly path: string;
  readonly client_modified: string;
}

/** https://www.dropbox.com/developers/reference/content-hash: the hash of the hashes of 4 MiB blocks. */
function dropboxHash(content: Buffer): string {
  const blocks = Array.from({ length: Math.ceil(content.length / megabytes4) }, (_, index) =>
    createHash('sha256')
      .update(content.subarray(index * megabytes4, (index + 1) * megabytes4))
      .digest(),
  );
  return createHash('sha256').update(Buffer.concat(blocks)).digest('hex');
}

/** Headers are ASCII: Dropbox escapes the rest. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function notFound(): CloudResponse {
  const problem = { '.tag': 'path', path: { '.tag': 'not_found' } };
  return json({ error_summary: 'path/not_found/', error: problem }, 409);
}

function conflict(kind: string): CloudResponse {
  const problem = { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': kind } } };
  return json({ error_summary: `path/conflict/${kind}/`, error: problem }, 409);
}

function failure(status: number): CloudResponse {
  if (status === 401)
    return json({ error_summary: 'invalid_access_token/', error: { '.tag': 'invalid_access_token' } }, 401);
  if (status === 429) {
    const problem = { reason: { '.tag': 'too_many_requests' }, retry_after: 1 };
    return json({ error_summary: 'too_many_requests/', error: problem }, 429, { 'retry-after': '1' });
  }
  return { status, headers: { 'content-type': 'text/plain' }, body: 'Internal server error' };
}

function unknownCall({ url }: CloudRequest): CloudResponse {
  return { status: 400, headers: { 'content-type': 'text/plain' }, body: `Unknown API function ${url.pathname}` };
}
