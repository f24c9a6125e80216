import type { FileTree } from '../helper/file-tree.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';

/** A provider that the suite runs against. Adding one is a file here and a line in `registry.ts`. */
export interface CloudKind {
  readonly name: string;
  open(directory: TemporaryDirectory): Promise<Cloud>;
}

/** A place of that kind, in a directory of its own; gone at the end of the scope. */
export interface Cloud extends AsyncDisposable {
  /** `spec` of a credential that is let in. */
  readonly credential: { readonly provider: string; readonly options: Readonly<Record<string, unknown>> };
  /** What `spec.remote` needs beside the credential and the folder. */
  readonly remote: Readonly<Record<string, string>>;
  /** What the program's environment needs, for `fromEnv`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Must be seen nowhere. Empty for a provider without secrets. */
  readonly secrets: readonly string[];
  /** Both work behind the server's back, on a folder as a task names it. */
  read(folder: string): Promise<FileTree>;
  write(folder: string, files: Readonly<Record<string, string>>): Promise<void>;
}
