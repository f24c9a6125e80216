import { posix } from 'node:path';
import type { Result } from '../../model/result.ts';
import { type Link, linksBelow, linksFollowed } from '../../place/disk/links-below.ts';
import { readPlaces } from '../../place/disk/read-place.ts';
import type { LocalPlace } from '../../place/local-place.ts';
import { intrusionOf, type OwnDirectories } from '../../place/own-directories.ts';
import { type Place, relationOf } from '../../place/place.ts';
import { isOverlap } from '../../place/relation.ts';
import { isWithin, rootPlaces } from '../confinement.ts';
import { placesOfTask, type Side } from '../task-places.ts';
import { createNameSearch, type NameSearch } from './name-search.ts';
import { blocked, cannotTell, type Guard, type GuardInput, pass, type Verdict } from './verdict.ts';
import { isBackup, isWritten, namesAreKnown, omissionOf } from './written-names.ts';

/**
 * rclone lists no link that it is not to follow, so it takes its name for free: it writes through a link to a folder, and
 * before 1.63 through a link to a file. What lies there is then overwritten, wherever that is. So each link below a
 * destination on this machine is looked at before the run.
 */
export const linksGuard: Guard = async (input) => {
  const { task, local, around } = input;
  const { direction, followSymlinks } = task.spec;
  const wholeSides = await placesOfTask(task, around.environment, null);
  if (!wholeSides.ok) return cannotTell({ message: wholeSides.error, retryable: false });
  const chosen = await placesOfTask(task, around.environment, local.selection);
  if (!chosen.ok) return cannotTell({ message: chosen.error, retryable: false });
  const own = await ownDirectories(input);
  const [sources, destinations] =
    direction === 'PUSH' ? [chosen.value.local, wholeSides.value.far] : [chosen.value.far, wholeSides.value.local];
  const search: Search = { input, sources, own, names: createNameSearch(input), roots: await rootsOf(input) };
  for (const destination of localPlacesOf(destinations)) {
    const verdict = await checkDestination(destination, search);
    if (verdict.kind !== 'pass') return verdict;
  }
  return followSymlinks ? checkSources(localPlacesOf(sources), search) : pass;
};

interface Search {
  readonly input: GuardInput;
  readonly sources: readonly Side[];
  readonly own: OwnDirectories;
  readonly names: NameSearch;
  /** The folders of --path-root; `null`: a task may use all of this machine. */
  readonly roots: readonly LocalPlace[] | null;
}

async function checkDestination(destination: LocalPlace, search: Search): Promise<Verdict> {
  const { task, local, rclone } = search.input;
  for await (const link of linksBelow(destination.path, rclone.signal)) {
    const name = posix.relative(destination.path, link.path);
    if (search.roots !== null && !(link.place.ok && isWithin(link.place.value, search.roots))) {
      return blocked(written(link, 'which is in none of the folders of --path-root', remove));
    }
    if (!isWritten(name, task.spec, local.selection)) continue;
    const omission = namesAreKnown(task, destination) ? await omissionOf(name, link.path, task.spec) : null;
    if (omission?.isMade === true) continue;
    const reason = await harmOf({ link, name, destination }, search);
    if (!reason.ok) return cannotTell({ message: reason.error, retryable: true });
    if (reason.value === null) continue;
    const exclude = omission?.patterns.map((pattern) => `"${pattern}"`).join(', ');
    const hint = exclude === undefined ? remove : `${remove}, or leave it out by exclude: [${exclude}]`;
    return blocked(written(link, reason.value, hint));
  }
  return pass;
}

interface Found {
  readonly link: Link;
  /** Relative to the destination. */
  readonly name: string;
  readonly destination: LocalPlace;
}

/** What is wrong with where a link leads, as the end of a sentence; `null`: no run does harm there. */
async function harmOf(
  { link, name, destination }: Found,
  { input, sources, own, names }: Search,
): Promise<Result<string | null, string>> {
  const harm = (text: string | null) => ({ ok: true as const, value: text });
  if (!link.place.ok) return harm('so that nothing shows what a run would change');
  const target = link.place.value;
  const met = sources.find(({ places }) => places.some((place) => isOverlap(relationOf(target, place))));
  if (met !== undefined) return harm(`which overlaps the source ${met.name}`);
  const intrusion = intrusionOf({ sources: [], destinations: [target] }, input.task.spec, own);
  if (intrusion !== null) return harm(`which overlaps the ${intrusion.directory} directory`);
  const { spec } = input.task;
  const isInside = isWithin(target, [destination]);
  if (isBackup(name, spec)) return harm(isInside ? 'which the run itself changes' : null);
  if (!isInside) return harm('which is outside of the destination');
  if (spec.followSymlinks && spec.transferMode === 'SYNC') {
    return harm('which is in the destination under its own name, too, and SYNC would delete there');
  }
  if (!namesAreKnown(input.task, destination)) return harm('and the names that the run writes are not known');
  const taken = await names.has(name);
  if (!taken.ok) return taken;
  return harm(taken.value ? `and the source has ${name} too` : null);
}

/** Where they are followed, links at the source lead a run to whatever they name. */
async function checkSources(places: readonly LocalPlace[], { input, own }: Search): Promise<Verdict> {
  for (const place of places) {
    for await (const { path, place: target } of linksFollowed(place.path, input.rclone.signal)) {
      if (!target.ok) continue;
      const found = intrusionOf(
        { sources: [target.value], destinations: [] },
        { ...input.task.spec, exclude: [] },
        own,
      );
      if (found === null) continue;
      const harm = found.directory === 'state' ? 'whose tokens are not to be copied' : 'and MOVE would delete there';
      return blocked(
        `the link ${path} in the source leads to ${target.value.path}, which overlaps the ${found.directory} directory ` +
          `${found.where.path}, ${harm}; remove the link, or leave out spec.followSymlinks`,
      );
    }
  }
  return pass;
}

const remove = 'remove the link';

function written({ path, place }: Link, reason: string, hint: string): string {
  const where = place.ok ? place.value.path : 'an unreadable place';
  return `the link ${path} in the destination leads to ${where}, ${reason}, and a run could write through it; ${hint}`;
}

async function ownDirectories({ around }: GuardInput): Promise<OwnDirectories> {
  const names = [around.stateDirectory, ...(around.tasksDirectory === null ? [] : [around.tasksDirectory])];
  const [state, tasks] = (await readPlaces(names)).map((place) => (place.ok ? place.value : null));
  return { state: state ?? null, tasks: tasks ?? null };
}

async function rootsOf({ around }: GuardInput): Promise<readonly LocalPlace[] | null> {
  return around.pathRoots.length === 0 ? null : await rootPlaces(around.pathRoots);
}

function localPlacesOf(sides: readonly Side[]): readonly LocalPlace[] {
  const isLocal = (place: Place): place is LocalPlace => place.kind === 'local';
  return sides.flatMap(({ places }) => places.filter(isLocal));
}
