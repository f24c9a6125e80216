/** What a cloud stores: files and folders that have an id of their own and know their parent's. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  /** Id of the folder it is in; the root has none. */
  readonly parent: string | null;
  /** `null`: a folder. */
  readonly content: Buffer | null;
  /** As the client or the clock gave it, RFC 3339. */
  readonly modified: string;
}

export interface FileEntry extends Entry {
  readonly content: Buffer;
}

export interface FileTree {
  readonly root: Entry;
  get(id: string): Entry | undefined;
  children(id: string): readonly Entry[];
  /** By names from a folder downwards; an empty path is the folder. */
  find(path: string, from?: string): Entry | undefined;
  /** Names from the root down, without a leading slash. */
  pathOf(entry: Entry): string;
  /** Also where the name is taken already, as in Google Drive. */
  add(parent: string, name: string, content: Buffer | null, modified?: string | undefined): Entry;
  /** Takes the place of a file of that name and keeps its id. */
  write(parent: string, name: string, content: Buffer, modified?: string | undefined): FileEntry;
  /** Finds or makes the folders of a path. */
  makeFolders(path: string): Entry;
  change(id: string, part: Partial<Omit<Entry, 'id'>>): Entry;
  /** With all that is below it. */
  remove(id: string): void;
  put(path: string, content: string | Buffer): void;
  files(): ReadonlyMap<string, Buffer>;
}

export function fileTree({ ignoresCase }: { readonly ignoresCase: boolean } = { ignoresCase: false }): FileTree {
  const fold = (name: string) => (ignoresCase ? name.toLowerCase() : name);
  const root: Entry = { id: '0', name: '', parent: null, content: null, modified: now() };
  const entries = new Map<string, Entry>([[root.id, root]]);
  let lastId = 0;

  const children = (id: string) => [...entries.values()].filter(({ parent }) => parent === id);
  const child = (id: string, name: string) => children(id).find((entry) => fold(entry.name) === fold(name));

  function find(path: string, from = root.id): Entry | undefined {
    return names(path).reduce<Entry | undefined>(
      (folder, name) => (folder === undefined ? undefined : child(folder.id, name)),
      entries.get(from),
    );
  }

  function add(parent: string, name: string, content: Buffer | null, modified = now()): Entry {
    lastId += 1;
    return store({ id: String(lastId), name, parent, content, modified });
  }

  function store<Stored extends Entry>(entry: Stored): Stored {
    entries.set(entry.id, entry);
    return entry;
  }

  function write(parent: string, name: string, content: Buffer, modified = now()): FileEntry {
    const { id } = child(parent, name) ?? add(parent, name, content);
    return store({ id, name, parent, content, modified });
  }

  function makeFolders(path: string): Entry {
    return names(path).reduce((folder, name) => child(folder.id, name) ?? add(folder.id, name, null), root);
  }

  function change(id: string, part: Partial<Omit<Entry, 'id'>>): Entry {
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(`Internal error: no entry ${id}`);
    return store({ ...entry, ...part });
  }

  function remove(id: string): void {
    for (const below of children(id)) remove(below.id);
    entries.delete(id);
  }

  function pathOf(entry: Entry): string {
    const parent = entry.parent === null ? undefined : entries.get(entry.parent);
    return parent === undefined || parent.id === root.id ? entry.name : `${pathOf(parent)}/${entry.name}`;
  }

  return {
    ...{ root, children, find, pathOf, add, write, makeFolders, change, remove },
    get: (id) => entries.get(id),
    put(path, content) {
      const parts = names(path);
      write(makeFolders(parts.slice(0, -1).join('/')).id, parts.at(-1) ?? '', Buffer.from(content));
    },
    files: () =>
      new Map([...entries.values()].flatMap((entry) => (isFile(entry) ? [[pathOf(entry), entry.content]] : []))),
  };
}

export function isFile(entry: Entry): entry is FileEntry {
  return entry.content !== null;
}

function names(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}

function now(): string {
  return new Date().toISOString();
}
