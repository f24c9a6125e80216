import { readdir } from 'node:fs/promises';
import { err, ok, type Result } from '../../model/result.ts';
import { errorCode } from '../../model/system-error.ts';
import { listEntries } from '../../rclone/entries.ts';
import { within } from '../local-side.ts';
import type { GuardInput } from './verdict.ts';

/** Finds out whether the source has something of a name that a run would send. Folders are listed once, and few are kept. */
export interface NameSearch {
  has(name: string): Promise<Result<boolean, string>>;
}

/** What a folder holds: names, and whether they are folders; `null`: there is no such folder. */
type Names = ReadonlyMap<string, boolean>;

/** Those of one link and of its neighbours. */
const mostKept = 50;

/** At a far side, each is a request. What is not asked counts as there. */
const mostRequests = 200;

export function createNameSearch(input: GuardInput): NameSearch {
  const kept = new Map<string, Names>();
  let requests = 0;

  async function namesAt(folder: string): Promise<Result<Names | null, string>> {
    const known = kept.get(folder);
    if (known !== undefined) return ok(known);
    requests += 1;
    if (input.task.spec.direction === 'PULL' && requests > mostRequests) return ok(null);
    const names = await (input.task.spec.direction === 'PUSH' ? localNames(input, folder) : farNames(input, folder));
    if (!names.ok) return names;
    if (kept.size === mostKept) kept.clear();
    kept.set(folder, names.value);
    return names;
  }

  return {
    async has(name) {
      const parts = name.split('/');
      for (const [index, part] of parts.entries()) {
        const names = await namesAt(parts.slice(0, index).join('/'));
        if (!names.ok) return names;
        if (names.value === null) return ok(true);
        const isFolder = names.value.get(part);
        if (isFolder === undefined) return ok(false);
        // A file at the source, where the destination has a folder that holds the link.
        if (!isFolder) return ok(index === parts.length - 1);
      }
      return ok(true);
    },
  };
}

async function localNames({ task: { spec }, local }: GuardInput, folder: string): Promise<Result<Names, string>> {
  const place = within(local.root, folder);
  try {
    const entries = await readdir(place, { withFileTypes: true });
    const sent = entries.filter((entry) => spec.followSymlinks || !entry.isSymbolicLink());
    // What a link leads to is looked at if a name below it is asked for.
    return ok(new Map(sent.map((entry) => [entry.name, entry.isDirectory() || entry.isSymbolicLink()])));
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES'
      ? ok(new Map())
      : err(`cannot read ${place}: ${code || String(error)}`);
  }
}

async function farNames({ remote, look, rclone }: GuardInput, folder: string): Promise<Result<Names, string>> {
  const place = within(remote, folder);
  if (folder === '') {
    const seen = await look(place);
    if (!seen.ok) return err(seen.error.message);
    if (!seen.value.exists || seen.value.empty) return ok(new Map());
  }
  const listed = await listEntries(rclone.binary, rclone.environment, place);
  if (!listed.ok) return err(rclone.redact(listed.error));
  return ok(new Map(listed.value.map(({ name, directory }) => [name, directory])));
}
