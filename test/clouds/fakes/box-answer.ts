import { createHash } from 'node:crypto';
import { type Entry, type FileTree, isFile } from './file-tree.ts';
import { type CloudResponse, json } from './traffic.ts';

/** https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
const statusCodes: Readonly<Record<number, string>> = {
  ...{ 401: 'unauthorized', 403: 'access_denied_insufficient_permissions', 404: 'not_found' },
  ...{ 429: 'rate_limit_exceeded', 500: 'internal_server_error', 503: 'unavailable', 507: 'storage_limit_exceeded' },
};

export function described(entry: Entry): object {
  const shared = {
    ...{ id: entry.id, sequence_id: '0', etag: '0', name: entry.name, item_status: 'active', shared_link: null },
    ...{ created_at: entry.modified, modified_at: entry.modified },
    ...{ content_created_at: entry.modified, content_modified_at: entry.modified },
  };
  if (!isFile(entry)) return { type: 'folder', ...shared };
  return { type: 'file', ...shared, size: entry.content.length, sha1: sha1(entry.content) };
}

export function whenFound(tree: FileTree, id: string, answer: (entry: Entry) => CloudResponse): CloudResponse {
  const entry = tree.get(id);
  return entry === undefined ? problem(404, 'not_found') : answer(entry);
}

export function whenFree(tree: FileTree, parent: string, name: string, answer: () => CloudResponse): CloudResponse {
  const taken = tree.find(name, parent);
  return taken === undefined ? answer() : conflict(taken);
}

export function conflict(entry: Entry): CloudResponse {
  return problem(409, 'item_name_in_use', { conflicts: described(entry) });
}

export function problem(status: number, code: string, context?: object): CloudResponse {
  return json({ type: 'error', status, code, message: code, context_info: context }, status);
}

export function failure(status: number): CloudResponse {
  return problem(status, statusCodes[status] ?? 'bad_request');
}

export function sha1(content: Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}
