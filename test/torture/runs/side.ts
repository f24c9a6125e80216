import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { obscure } from '../../../src/rclone/obscure.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { rclone } from '../../helper/real-rclone.ts';
import type { TemporaryDirectory } from '../../helper/temporary-directory.ts';

const execute = promisify(execFile);

/** What lies at a side: a digest of the plain content by path. */
export type Files = ReadonlyMap<string, string>;

/** One side of a task, as a person sees it who has the key. */
export interface Side {
  readonly root: string;
  files(): Promise<Files>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(path: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
}

export interface Key {
  readonly password: string;
  readonly filenames: boolean;
}

export function plainSide(root: string): Side {
  return {
    root,
    files: () => readFiles(root),
    write: (files) => writeTree(root, files),
    remove: (path) => rm(join(root, path), { force: true }),
    async move(from, to) {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await rename(join(root, from), join(root, to));
    },
  };
}

/** A folder that rclone encrypts; it is written with the first key, and read with each. */
export function encryptedSide(root: string, keys: readonly Key[], scratch: TemporaryDirectory): Side {
  let copies = 0;

  /** What cannot be decrypted is not there for whoever has this key. */
  async function use(key: Key, ...parameters: readonly string[]): Promise<void> {
    const { PATH = '' } = process.env;
    const environment = {
      PATH,
      RCLONE_CONFIG: '',
      RCLONE_CONFIG_SIDE_TYPE: 'crypt',
      RCLONE_CONFIG_SIDE_REMOTE: root,
      RCLONE_CONFIG_SIDE_PASSWORD: obscure(key.password),
      RCLONE_CONFIG_SIDE_FILENAME_ENCRYPTION: key.filenames ? 'standard' : 'off',
    };
    await execute(rclone, [...parameters, '--retries', '1'], { env: environment }).catch(() => undefined);
  }

  function scratchFolder(): string {
    copies += 1;
    return scratch.at('scratch', `${copies}`);
  }

  async function readWith(key: Key): Promise<Files> {
    const folder = scratchFolder();
    await use(key, 'copy', 'side:', folder);
    const files = await readFiles(folder);
    await rm(folder, { recursive: true, force: true });
    return files;
  }

  const [first] = keys;
  if (first === undefined) throw new Error('An encrypted side needs a key');
  return {
    root,
    async files() {
      const found = await Promise.all(keys.map(readWith));
      return new Map(found.reverse().flatMap((files) => [...files]));
    },
    async write(files) {
      const folder = scratchFolder();
      await writeTree(folder, files);
      await use(first, 'copy', folder, 'side:');
      await rm(folder, { recursive: true, force: true });
    },
    remove: (path) => use(first, 'deletefile', `side:${path}`),
    move: (from, to) => use(first, 'moveto', `side:${from}`, `side:${to}`),
  };
}

async function readFiles(root: string): Promise<Files> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => {
      const content = await readFile(file).catch(() => null);
      return content === null ? [] : [[relative(root, file), digestOf(content)] as const];
    }),
  );
  return new Map(found.flat().sort(([left], [right]) => (left < right ? -1 : 1)));
}

export function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
