import { randomBytes } from 'node:crypto';
import type { FakeCloud } from './fake-cloud.ts';
import type { MegaAccount } from './mega-account.ts';
import { cipherContent, decryptKey, decryptName, encryptKey, encryptName, newFileKey } from './mega-cipher.ts';

const types = { file: 0, folder: 1, root: 2, inbox: 3, trash: 4 } as const;

export interface MegaNode {
  readonly id: string;
  readonly type: number;
  readonly parent: string;
  /** Encrypted with the master key. */
  readonly key: string;
  /** Its name, encrypted with the node's key. */
  readonly attributes: string;
  /** Encrypted with the node's key. */
  readonly content: Buffer;
  readonly seconds: number;
}

export interface MegaNodes extends Pick<FakeCloud, 'files' | 'put'> {
  get(id: string): MegaNode | undefined;
  add(part: Partial<MegaNode> & Pick<MegaNode, 'type'>): MegaNode;
  change(node: MegaNode): void;
  /** With all that is below it. */
  remove(id: string): void;
  /** As the server tells of them. */
  all(): readonly object[];
  described(node: MegaNode): object;
}

/** What the server keeps of an account. Names and contents are read and written with the account's master key. */
export function megaNodes(account: MegaAccount, changed: () => void): MegaNodes {
  const nodes = new Map<string, MegaNode>();

  const root = addNode({ type: types.root }).id;
  addNode({ type: types.inbox });
  addNode({ type: types.trash });

  function addNode(part: Partial<MegaNode> & Pick<MegaNode, 'type'>): MegaNode {
    const empty = { id: newId(), parent: '', key: '', attributes: '', content: Buffer.alloc(0) };
    return changeNode({ ...empty, seconds: Math.floor(Date.now() / 1000), ...part });
  }

  function changeNode(node: MegaNode): MegaNode {
    nodes.set(node.id, node);
    changed();
    return node;
  }

  function remove(id: string): void {
    for (const { id: child } of [...nodes.values()].filter(({ parent }) => parent === id)) remove(child);
    nodes.delete(id);
    changed();
  }

  function described({ id, type, parent, key, attributes, content, seconds }: MegaNode): object {
    const shared = { h: id, p: parent, u: account.handle, t: type, a: attributes, ts: seconds };
    const keys = key === '' ? {} : { k: `${account.handle}:${key}` };
    return { ...shared, ...keys, ...(type === types.file ? { s: content.length } : {}) };
  }

  function opened({ key }: MegaNode): Buffer {
    return decryptKey(account.master, Buffer.from(key, 'base64url'));
  }

  function pathOf(node: MegaNode): string | null {
    if (node.id === root) return '';
    const parent = nodes.get(node.parent);
    const above = parent === undefined ? null : pathOf(parent);
    return above === null ? null : `${above}/${decryptName(opened(node), node.attributes)}`;
  }

  function addNamed(parent: string, name: string, nodeKey: Buffer, part: Partial<MegaNode>): MegaNode {
    const key = encryptKey(account.master, nodeKey).toString('base64url');
    return addNode({ type: types.folder, parent, key, attributes: encryptName(nodeKey, name), ...part });
  }

  function put(path: string, content: string | Buffer): void {
    const names = path.split('/');
    const bytes = Buffer.from(content);
    const at = (wanted: string) => [...nodes.values()].find((node) => node.key !== '' && pathOf(node) === wanted);
    const folder = names.slice(0, -1).reduce((above, name, index) => {
      const there = at(`/${names.slice(0, index + 1).join('/')}`);
      return (there ?? addNamed(above, name, randomBytes(16), {})).id;
    }, root);
    const old = at(`/${path}`);
    if (old !== undefined) remove(old.id);
    const key = newFileKey(bytes);
    addNamed(folder, names.at(-1) ?? '', key, { type: types.file, content: cipherContent(key, bytes) });
  }

  function files(): ReadonlyMap<string, Buffer> {
    const all = [...nodes.values()].filter(({ type }) => type === types.file);
    return new Map(
      all.flatMap((node) => {
        const path = pathOf(node);
        return path === null ? [] : [[path.slice(1), cipherContent(opened(node), node.content)] as const];
      }),
    );
  }

  return {
    get: (id) => nodes.get(id),
    add: addNode,
    change: changeNode,
    all: () => [...nodes.values()].map(described),
    ...{ remove, described, files, put },
  };
}

export function newId(): string {
  return randomBytes(6).toString('base64url');
}
