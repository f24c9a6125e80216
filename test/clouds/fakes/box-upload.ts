import { createHash } from 'node:crypto';
import { described, problem, sha1, whenFound, whenFree } from './box-answer.ts';
import type { Entry, FileTree } from './file-tree.ts';
import { multipartParts } from './multipart.ts';
import type { Route } from './routes.ts';
import { type CloudResponse, json } from './traffic.ts';

/** https://developer.box.com/guides/uploads/chunked/ */
const smallestSessionBytes = 20_000_000;
const partBytes = 8 * 1024 * 1024;

/** What `upload.box.com` answers. */
export function uploadRoutes(tree: FileTree): readonly Route[] {
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

function digest(content: Buffer): string {
  return `sha=${createHash('sha1').update(content).digest('base64')}`;
}
