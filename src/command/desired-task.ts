import { createProviderSearch } from '../daemon/provider-search.ts';
import { readOnce } from '../daemon/read-once.ts';
import type { Settings } from '../daemon/settings.ts';
import type { ActiveSet } from '../model/active.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import { isError } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { listed } from '../model/wording.ts';
import { renderProblems } from '../report/problems.ts';
import { readApplied } from '../state/active-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import type { Shell } from './shell.ts';

/** Reads the manifests for one task. The error says why there is none that could run. */
export async function readManifests(
  settings: Settings,
  { environment }: Shell,
  name: string,
): Promise<Result<{ readonly task: ResolvedTask; readonly snapshot: Snapshot }, string>> {
  // Of two manifests with one name, the one that was applied is the task.
  const applied = await readApplied(stateDirectory(settings.stateDirectory));
  if (!applied.ok) return applied;
  const reading = await readOnce(settings, createProviderSearch(settings, environment), applied.value);
  if (!reading.ok) return err(reading.error.message);
  const { desired, snapshot } = reading.value;
  const task = desired.tasks.get(name);
  if (task !== undefined && desired.takeovers.tasks.has(name)) return err(whyContested(task, applied.value.tasks));
  return task === undefined ? err(whyMissing(desired, name)) : ok({ task, snapshot });
}

/** A file that is away for a moment must not let another one say what its name means. */
function whyContested({ name, path, spec }: ResolvedTask, active: ActiveSet): string {
  const from = active.get(name)?.path ?? path;
  const what =
    from === path
      ? `the credential ${spec.remote.credential} was applied from a file that is gone, and another one says something else`
      : `it was applied from ${from}, which is gone, and ${path} says something else`;
  return `task ${name} is not run: ${what}. If that is meant, run "cloudsync apply" first`;
}

/** Why there is no task of this name, with the problems of its manifest where there is one. */
export function whyMissing(desired: Desired, name: string): string {
  const broken = [...desired.invalid.values()].find(
    (manifest) => manifest.name === name && manifest.kind !== 'CloudCredential',
  );
  if (broken !== undefined) {
    const problems = renderProblems(broken.problems.filter(isError), { color: false });
    return `task ${name} is not valid:\n${problems}`;
  }
  const names = [...desired.tasks.keys()].sort();
  if (names.length === 0) return `there is no task ${name}; the directory holds no valid task`;
  return `there is no task ${name}; there is ${listed(names, 10)}`;
}
