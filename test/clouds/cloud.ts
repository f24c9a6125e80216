import type { FileTree } from '../helper/file-tree.ts';
import type { TemporaryDirectory } from '../helper/temporary-directory.ts';
import type { Traffic } from './fakes/traffic.ts';

/** A provider that the suite runs against. Adding one is a file here and a line in `registry.ts`. */
export interface CloudKind {
  readonly name: string;
  /** As a credential names it. */
  readonly provider: string;
  readonly server: ServerName;
  open(directory: TemporaryDirectory): Promise<Cloud>;
}

/** What stands at the other end, for `docs/providers.md`. */
export interface ServerName {
  readonly name: string;
  /** `null`: it has none of its own, because it is part of this repository. */
  readonly version: string | null;
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
  /** What a fake was asked; `null` for a server that does not tell. */
  readonly traffic: Traffic | null;
  /** Both work behind the server's back, on a folder as a task names it. */
  read(folder: string): Promise<FileTree>;
  write(folder: string, files: Readonly<Record<string, string>>): Promise<void>;
}
