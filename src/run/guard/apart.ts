import { hostname } from 'node:os';
import type { LeftProbe } from '../../model/memory.ts';
import { relationOf } from '../../place/place.ts';
import type { RcloneFailure } from '../../rclone/short-run.ts';
import { within } from '../local-side.ts';
import { localProbe, type ProbedSide, probeName, remoteProbe } from '../probe.ts';
import { placesOfTask } from '../task-places.ts';
import { blocked, cannotTell, type Guard, type GuardInput, pass, type Verdict } from './verdict.ts';

/**
 * A server may serve the very folder that it is synced with, and no name tells. So before a run that deletes, a file
 * with a random name is put at the destination and looked for at the source: once for each spec on each machine.
 */
export const apartGuard: Guard = async (input) => {
  const { memory, dryRun } = input;
  const stale = dryRun || memory.probe === null ? null : await removeStale(input, memory.probe);
  const verdict = await apart(input, stale);
  return verdict.kind !== 'pass' || stale === null
    ? verdict
    : { kind: 'pass', warnings: [...verdict.warnings, `a probe of an earlier run is still there: ${stale.message}`] };
};

/** `stale`: why the file of an earlier run is still there, and its name must not be forgotten for that of a new one. */
async function apart(input: GuardInput, stale: RcloneFailure | null): Promise<Verdict> {
  const { task, memory, dryRun, around, local, pen } = input;
  if (task.spec.transferMode === 'COPY') return pass;
  if (memory.apart?.specHash === task.specHash && memory.apart.machine === hostname()) return pass;
  const places = await placesOfTask(task, around.environment, local.selection);
  if (!places.ok) return cannotTell({ message: places.error, retryable: false });
  const isUnknown = places.value.local.some(({ places: here }) =>
    here.some((one) =>
      places.value.far.some((side) => side.places.some((other) => relationOf(one, other) === 'unknown')),
    ),
  );
  if (!isUnknown) return pass;
  if (dryRun) return { kind: 'pass', warnings: [notShown] };
  if (stale !== null) return cannotTell(stale);
  const shown = await show(input);
  if (shown.kind === 'pass') await pen.note({ apart: { specHash: task.specHash, machine: hostname() } });
  return shown;
}

const notShown =
  'it is not shown yet that source and destination are two places, as the server may serve this very folder; the first ' +
  'run finds out by a file that it puts at the destination for a moment';

async function show(input: GuardInput): Promise<Verdict> {
  const { task, pen, rclone } = input;
  const { source, destination } = sidesOf(input);
  const name = probeName();
  const side = task.spec.direction === 'PUSH' ? 'far' : 'here';
  const noted = await pen.note({ probe: { name, specHash: task.specHash, side, folders: [''] } });
  if (!noted.ok)
    return cannotTell({ message: `the name of a probe could not be kept: ${noted.error}`, retryable: true });
  const written = await destination.write(name);
  const seen = written.ok && !rclone.signal.aborted ? await source.sees(name) : written;
  const removed = await destination.remove(name);
  if (removed.ok) await pen.note({ probe: null });
  if (!written.ok) return cannotTell(written.error);
  if (!seen.ok) return cannotTell(seen.error);
  if (!removed.ok) return cannotTell(removed.error);
  if (rclone.signal.aborted) return pass;
  if (seen.value !== true) return pass;
  return blocked(
    `a file that was put at the destination was found at the source: the two sides of ${task.name} are one place, or ` +
      'one is inside the other; choose places of which neither contains the other',
  );
}

/**
 * A run that was killed may have left its file. What was put at another place is not looked for here. Why it is still
 * there; `null`: it is not.
 */
async function removeStale(input: GuardInput, { name, specHash }: LeftProbe): Promise<RcloneFailure | null> {
  if (specHash !== input.task.specHash) return null;
  const removed = await sidesOf(input).destination.remove(name);
  if (!removed.ok) return removed.error;
  await input.pen.note({ probe: null });
  return null;
}

function sidesOf({ task, local, plainRemote, rclone }: GuardInput): {
  readonly source: ProbedSide;
  readonly destination: ProbedSide;
} {
  const { direction, followSymlinks } = task.spec;
  const below = (local.selection ?? ['']).map((name) => within(local.root, name));
  const here = localProbe(local.root, below, followSymlinks, rclone.signal);
  const there = remoteProbe(plainRemote, rclone);
  return direction === 'PUSH' ? { source: here, destination: there } : { source: there, destination: here };
}
