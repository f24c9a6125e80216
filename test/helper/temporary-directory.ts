import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
  /** Absolute path of something in the directory. */
  at(...parts: string[]): string;
  /** Writes a file, with the folders above it; gives its absolute path. */
  write(path: string, content: string | Uint8Array): Promise<string>;
}

/** For `await using directory = await temporaryDirectory()`: gone at the end of the scope. */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'cloudsync-')));
  const at = (...parts: string[]) => join(path, ...parts);
  return {
    path,
    at,
    async write(name, content) {
      const file = at(name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
