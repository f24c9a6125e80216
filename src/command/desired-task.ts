import { createManifestReader } from '../daemon/manifest-reader.ts';
import type { Settings } from '../daemon/settings.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import { isError } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { renderProblems } from '../report/problems.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { readActiveSet } from '../state/active-store.ts';
import { stateDirectory } from '../state/state-directory.ts';

/** Reads the manifests for one task. The error says why there is none that could run. */
export async function readManifests(
  settings: Settings,
  name: string,
): Promise<Result<{ readonly task: ResolvedTask; readonly snapshot: Snapshot }, string>> {
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) return err(snapshot.error.message);
  // Of two manifests with one name, the one that was applied is the task.
  const active = await readActiveSet(stateDirectory(settings.stateDirectory), 'leave');
  const desired = createManifestReader(settings.pathRoots)(snapshot.value, active);
  const task = desired.tasks.get(name);
  return task === undefined ? err(whyMissing(desired, name)) : ok({ task, snapshot: snapshot.value });
}

function whyMissing(desired: Desired, name: string): string {
  const broken = [...desired.invalid.values()].find((manifest) => manifest.name === name);
  if (broken !== undefined) {
    const problems = renderProblems(broken.problems.filter(isError), { color: false });
    return `task ${name} is not valid:\n${problems}`;
  }
  const names = [...desired.tasks.keys()].sort();
  if (names.length === 0) return `there is no task ${name}; the directory holds no valid task`;
  return `there is no task ${name}; there is ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
}
