import type { FakeCloud, OAuthSettings } from './fake-cloud.ts';
import { startKeyedCloud } from './keyed-cloud.ts';
import { megaAccount } from './mega-account.ts';
import { type MegaNode, megaNodes, newId } from './mega-nodes.ts';
import { type CloudRequest, type CloudResponse, json } from './traffic.ts';

/*
 * Mega, as rclone's backend `mega` uses it. The server holds only what is encrypted; `files` and `put` use the
 * account's password. Debian's rclone 1.60 is built without this backend.
 *
 * | answered (`a` of a call)                                              | not answered                            |
 * |-----------------------------------------------------------------------|-----------------------------------------|
 * | us0, us: sign in, accounts of version 2                               | accounts of version 1, second factors   |
 * | f: all nodes; p: make a folder, finish an upload                      | shared folders, versions of a file      |
 * | u and its chunks: upload; g and its ranges: download                  | proof of work (402)                     |
 * | m: move; a: rename; d: delete                                         | links (`l`)                             |
 * | uq: quota; sc: waits until something changes, and does not tell what  | news: a session sees others' changes    |
 * |                                                                       | when it starts anew                     |
 */

/** https://github.com/meganz/sdk: an error is a negative number in place of an answer. */
const failures = { arguments: -2, rateLimit: -4, notFound: -9, badSession: -15, overQuota: -17 } as const;
const apiHost = 'g.api.mega.co.nz';
const storageHost = 'gfs000n000.userstorage.mega.co.nz';

interface NewNode {
  readonly h: string;
  readonly t: number;
  readonly a: string;
  readonly k: string;
}

export function startMega(settings: Pick<OAuthSettings, 'network'> = {}): Promise<FakeCloud> {
  const account = megaAccount('backup@example.org', 'correct horse battery staple');
  const uploads = new Map<string, { readonly bytes: number; readonly chunks: Map<number, Buffer> }>();
  let waiting: (() => void)[] = [];
  const nodes = megaNodes(account, wake);

  function wake(): void {
    for (const resume of waiting) resume();
    waiting = [];
  }

  function cs({ url, body }: CloudRequest): CloudResponse {
    const [parameters] = JSON.parse(body.toString());
    const signsIn = parameters.a === 'us0' || parameters.a === 'us';
    if (!signsIn && url.searchParams.get('sid') !== account.session) return json(failures.badSession);
    return json([answer(parameters)]);
  }

  function answer(parameters: Parameters): unknown {
    const node = nodes.get(parameters.a === 'p' ? (parameters.t ?? '') : String(parameters.n));
    switch (parameters.a) {
      case 'us0':
        return { v: 2, s: account.salt };
      case 'us':
        return (parameters.user === account.user && account.signIn(parameters.uh ?? '')) || failures.notFound;
      case 'f':
        return { f: nodes.all(), sn: 'sequence', ok: [], s: [], u: [] };
      case 'uq':
        return { mstrg: 20 * 1024 ** 3, cstrg: 0 };
      case 'u':
        return { p: `https://${storageHost}/ul/${startUpload(parameters.s ?? 0)}` };
      case 'p':
        return node === undefined ? failures.notFound : { f: created(parameters, node.id).map(nodes.described) };
      case 'g':
        if (node === undefined) return failures.notFound;
        return { g: `https://${storageHost}/dl/${node.id}`, s: node.content.length, at: node.attributes };
      case 'm':
        return node === undefined
          ? failures.notFound
          : done(() => nodes.change({ ...node, parent: parameters.t ?? '' }));
      case 'a':
        return node === undefined ? failures.notFound : done(() => rename(node, parameters));
      case 'd':
        return node === undefined ? failures.notFound : done(() => nodes.remove(node.id));
      default:
        return failures.arguments;
    }
  }

  function startUpload(bytes: number): string {
    const id = newId();
    uploads.set(id, { bytes, chunks: new Map() });
    return id;
  }

  function created({ n = [] }: Parameters, parent: string): readonly MegaNode[] {
    const added = typeof n === 'string' ? [] : n;
    return added.map(({ h: upload, t: type, a: attributes, k: key }) => {
      const chunks = [...(uploads.get(upload)?.chunks ?? [])].sort(([left], [right]) => left - right);
      return nodes.add({ type, parent, key, attributes, content: Buffer.concat(chunks.map(([, chunk]) => chunk)) });
    });
  }

  function rename(node: MegaNode, { attr: attributes = '', key = '' }: Parameters): void {
    nodes.change({ ...node, attributes, key });
  }

  /** A chunk's address ends in its offset; what ends the last is what `p` names the upload by. */
  function storage({ method, url, body }: CloudRequest): CloudResponse {
    const [, kind, id = '', place = ''] = url.pathname.split('/');
    const upload = uploads.get(id);
    if (kind === 'ul' && method === 'POST' && upload !== undefined) {
      upload.chunks.set(Number(place), body);
      const bytes = [...upload.chunks.values()].reduce((sum, { length }) => sum + length, 0);
      return { status: 200, body: bytes === upload.bytes ? id : '' };
    }
    const node = nodes.get(id);
    const [first = 0, last = 0] = place.split('-').map(Number);
    if (kind !== 'dl' || node === undefined) return { status: 404 };
    return { status: 200, body: node.content.subarray(first, last + 1) };
  }

  async function api(request: CloudRequest): Promise<CloudResponse> {
    switch (request.url.pathname) {
      case '/cs':
        return cs(request);
      case '/sc':
        return json({ w: `https://${apiHost}/wsc`, sn: 'sequence' });
      case '/wsc':
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
        return { status: 200 };
      default:
        return { status: 404 };
    }
  }

  return startKeyedCloud(
    {
      type: 'mega',
      options: { user: account.user, pass: account.password },
      hosts: { [apiHost]: api, [storageHost]: storage },
      ...{ files: nodes.files, put: nodes.put },
      failure,
    },
    settings,
  );
}

/** What a call may carry; each has some of these. */
interface Parameters {
  readonly a: string;
  readonly user?: string;
  readonly uh?: string;
  readonly n?: string | readonly NewNode[];
  readonly t?: string;
  readonly s?: number;
  readonly attr?: string;
  readonly key?: string;
}

/** Mega says most of what goes wrong with status 200. */
function failure(status: number): CloudResponse {
  switch (status) {
    case 401:
      return json(failures.badSession);
    case 429:
      return json(failures.rateLimit);
    case 507:
      return json(failures.overQuota);
    default:
      return { status };
  }
}

function done(act: () => unknown): 0 {
  act();
  return 0;
}
