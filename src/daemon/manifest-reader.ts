import { setImmediate as nextTurn } from 'node:timers/promises';
import { assembleDesired } from '../manifest/assemble-desired.ts';
import type { ManifestContext } from '../manifest/context.ts';
import { dependsOnBuild } from '../manifest/installed-problem.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { type ActiveSet, type CredentialOwners, noOwners } from '../model/active.ts';
import type { Desired, ParsedManifest } from '../model/desired.ts';
import type { Provider } from '../model/provider.ts';
import { commonParts, type KnownParts, shareManifestParts, shareParts } from '../model/shared-parts.ts';
import type { Snapshot, SourceFile } from '../model/snapshot.ts';
import { checkChunkSize } from '../provider/chunk-size.ts';
import { providers as ours } from '../provider/registry.ts';
import { checkSchedule } from '../schedule/times.ts';
import { createKnownPlaces } from './known-places.ts';
import { cacheKey, type ManifestCache } from './manifest-cache.ts';
import type { ProviderSearch } from './provider-search.ts';
import type { Settings } from './settings.ts';

/** Turns snapshots into what they mean, and parses only what has changed since the last one. */
export type ManifestReader = (snapshot: Snapshot, active: ActiveSet, owners?: CredentialOwners) => Promise<Desired>;

/** What was read last, and from what: the same again comes to the same. */
interface Reading {
  readonly snapshot: Snapshot;
  readonly active: ActiveSet;
  readonly owners: CredentialOwners;
  readonly desired: Desired;
  /** Whether no manifest waits for what the installed rclone has to say. */
  readonly isFinal: boolean;
}

interface ManifestReaderOptions {
  readonly settings: Pick<Settings, 'pathRoots' | 'commands' | 'selection' | 'stateDirectory'>;
  readonly search: ProviderSearch;
  /** Left out where a reading must depend on the manifests alone, or is too short to pay for it. */
  readonly cache?: ManifestCache;
}

/** How long others wait for their turn, in milliseconds; no single file takes much longer than this. */
const turnMs = 20;

export function createManifestReader({ settings, search, cache }: ManifestReaderOptions): ManifestReader {
  const { pathRoots, commands, selection, stateDirectory } = settings;
  let known: ReadonlyMap<SourceFile, ParsedManifest> = new Map();
  let knownDirectory = '';
  let providers: ReadonlyMap<string, Provider> = ours;
  let last: Reading | null = null;
  /** Paths of manifests whose name belonged to another file, until that is settled. */
  let rejected: ReadonlySet<string> = new Set();
  const places = createKnownPlaces();

  /** A credential may name any backend of the installed rclone, which is only asked where one does. */
  async function knowMoreProviders(): Promise<boolean> {
    const others = await search.others();
    if (!others.ok || providers !== ours) return false;
    providers = new Map([...others.value, ...ours]);
    return true;
  }

  return async (snapshot, active, owners = noOwners) => {
    if (last !== null && isSameReading(last, { snapshot, active, owners })) return last.desired;
    const context = (): ManifestContext => ({
      directory: snapshot.directory,
      baseDirectory: snapshot.baseDirectory,
      providers,
      checkChunkSize,
      checkSchedule,
      pathRoots,
      commands,
      stateDirectory,
      localPlace: places.localPlace,
      farPlaces: places.farPlaces,
    });
    // Relative paths mean something else in another directory.
    if (snapshot.baseDirectory !== knownDirectory) known = new Map();
    knownDirectory = snapshot.baseDirectory;
    const recalled = cache?.take(snapshot) ?? nothing;
    const recall = (file: SourceFile) =>
      known.get(file) ?? (file.state === 'refused' ? undefined : recalled.get(cacheKey(file)));
    const parsed = await parseAll(
      snapshot.files.filter((file) => recall(file) === undefined),
      context(),
    );
    known = new Map(snapshot.files.map((file) => [file, recall(file) ?? (parsed.get(file) as ParsedManifest)]));
    if (isAnyUnknown(known) && (await knowMoreProviders())) {
      const waiting = [...known].flatMap(([file, manifest]) => (namesUnknownProvider(manifest) ? [file] : []));
      known = new Map([...known, ...(await parseAll(waiting, context()))]);
    }
    const manifests = [...known.values()];
    await places.learn(manifests, await search.sections(), [stateDirectory, snapshot.baseDirectory]);
    const isAsked = [...known.values()].some((manifest) => dependsOnBuild(manifest, { providers }));
    const installed = isAsked ? await search.installed() : null;
    const desired = assembleDesired({
      installed: installed?.ok === true ? installed.value : null,
      snapshot,
      unread: snapshot.unread,
      active,
      owners,
      selection,
      wasRejected: (path) => rejected.has(path),
      manifests,
      context: context(),
    });
    rejected = stillRejected(rejected, desired);
    cache?.know({ manifests: known, snapshot, desired }, parsed.values());
    last = { snapshot, active, owners, desired, isFinal: !isAnyUnknown(known) };
    return desired;
  };
}

const nothing: ReadonlyMap<string, ParsedManifest> = new Map();

function isSameReading(last: Reading, next: Pick<Reading, 'snapshot' | 'active' | 'owners'>): boolean {
  if (!last.isFinal || last.desired.takeovers.tasks.size + last.desired.takeovers.credentials.size > 0) return false;
  return last.snapshot === next.snapshot && last.active === next.active && last.owners === next.owners;
}

/** What was rejected stays so while it waits to take the name over, so that it does not count as a move. */
function stillRejected(before: ReadonlySet<string>, { rejected, takeovers, tasks, credentials }: Desired) {
  const waiting = [
    ...[...takeovers.tasks].map((name) => tasks.get(name)?.path),
    ...[...takeovers.credentials].map((name) => credentials.get(name)?.path),
  ].filter((path) => path !== undefined && before.has(path));
  return new Set([...rejected, ...waiting]) as ReadonlySet<string>;
}

/** Parsing thousands takes seconds, in which signals and the socket are to be heard. */
async function parseAll(
  files: readonly SourceFile[],
  context: ManifestContext,
): Promise<ReadonlyMap<SourceFile, ParsedManifest>> {
  const parsed = new Map<SourceFile, ParsedManifest>();
  const common: KnownParts = new Map();
  let turnBegan = performance.now();
  for (const file of files) {
    // What was not read was recalled with what it says. To leave a manifest out would end its schedule.
    if (file.state === 'recalled') throw new Error(`Nothing is known of ${file.path}, which was not read`);
    const manifest = parseManifest(file, context);
    shareManifestParts(manifest, common);
    if (manifest.task !== null) shareParts(manifest.task.spec, commonParts, common);
    parsed.set(file, manifest);
    if (performance.now() - turnBegan < turnMs) continue;
    await nextTurn();
    turnBegan = performance.now();
  }
  return parsed;
}

function isAnyUnknown(known: ReadonlyMap<SourceFile, ParsedManifest>): boolean {
  return [...known.values()].some(namesUnknownProvider);
}

function namesUnknownProvider({ problems }: ParsedManifest): boolean {
  return problems.some(({ code }) => code === 'CS040');
}
