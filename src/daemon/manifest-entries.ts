import { join } from 'node:path';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import { type StatusFile, statusKind } from '../model/status.ts';

/** One manifest as the board sees it. */
export interface Entry {
  readonly name: string | null;
  readonly kind: StatusFile['kind'];
  readonly specHash: string | null;
  readonly problems: readonly Problem[];
}

/** By path. */
export function entriesOf(desired: Desired, directory: string): Map<string, Entry> {
  const problems = problemsByFile(desired.problems);
  const problemsOf = (path: string) =>
    problems.size === 0 ? nothing : (problems.get(join(directory, path)) ?? nothing);
  const entries = new Map<string, Entry>();
  for (const { name, path, specHash } of desired.tasks.values())
    entries.set(path, { name, kind: 'CloudSyncTaskStatus', specHash, problems: problemsOf(path) });
  for (const { credential, path } of desired.credentials.values())
    entries.set(path, {
      ...{ name: credential.name, kind: 'CloudCredentialStatus', specHash: null },
      problems: problemsOf(path),
    });
  for (const { name, path, kind, problems: own } of desired.invalid.values())
    entries.set(path, { name, kind: statusKind(kind), specHash: null, problems: own });
  return entries;
}

/** One for all of them. */
const nothing: readonly Problem[] = [];

function problemsByFile(problems: readonly Problem[]): ReadonlyMap<string, readonly Problem[]> {
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems) {
    const known = byFile.get(problem.file);
    if (known === undefined) byFile.set(problem.file, [problem]);
    else known.push(problem);
  }
  return byFile;
}
