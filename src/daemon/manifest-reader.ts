import { assembleDesired } from '../manifest/assemble-desired.ts';
import type { ManifestContext } from '../manifest/context.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { ActiveSet } from '../model/active.ts';
import type { Desired, ParsedManifest } from '../model/desired.ts';
import type { Provider } from '../model/provider.ts';
import type { Snapshot, SourceFile } from '../model/snapshot.ts';
import { checkChunkSize } from '../provider/chunk-size.ts';
import { providers as ours } from '../provider/registry.ts';
import { checkSchedule } from '../schedule/times.ts';
import { cacheKey, type ManifestCache } from './manifest-cache.ts';
import type { ProviderSearch } from './provider-search.ts';
import type { Settings } from './settings.ts';

/** Turns snapshots into what they mean, and parses only what has changed since the last one. */
export type ManifestReader = (snapshot: Snapshot, active: ActiveSet) => Promise<Desired>;

/** What was read last, and from what: the same again comes to the same. */
interface Reading {
  readonly snapshot: Snapshot;
  readonly active: ActiveSet;
  readonly desired: Desired;
  /** Whether no manifest waits for what the installed rclone has to say. */
  readonly isFinal: boolean;
}

interface ManifestReaderOptions {
  readonly settings: Pick<Settings, 'pathRoots' | 'commands' | 'selection'>;
  readonly search: ProviderSearch;
  /** Left out where a reading must depend on the manifests alone, or is too short to pay for it. */
  readonly cache?: ManifestCache;
}

export function createManifestReader({ settings, search, cache }: ManifestReaderOptions): ManifestReader {
  const { pathRoots, commands, selection } = settings;
  let known = new Map<SourceFile, ParsedManifest>();
  let knownDirectory = '';
  let providers: ReadonlyMap<string, Provider> = ours;
  let last: Reading | null = null;

  /** A credential may name any backend of the installed rclone, which is only asked where one does. */
  async function knowMoreProviders(): Promise<boolean> {
    const others = await search.others();
    if (!others.ok || providers !== ours) return false;
    providers = new Map([...others.value, ...ours]);
    return true;
  }

  return async (snapshot, active) => {
    if (last?.isFinal === true && last.snapshot === snapshot && last.active === active) return last.desired;
    const context = (): ManifestContext => ({
      directory: snapshot.directory,
      realDirectory: snapshot.realDirectory,
      ...{ providers, checkChunkSize, checkSchedule, pathRoots, commands },
    });
    let recalled: ReadonlyMap<string, ParsedManifest> = new Map();
    // Relative paths mean something else in another directory, as after the swap of a checkout.
    if (snapshot.realDirectory !== knownDirectory) {
      known = new Map();
      recalled = cache?.recall(context()) ?? recalled;
    }
    knownDirectory = snapshot.realDirectory;
    const parsed: ParsedManifest[] = [];
    const parse = (file: SourceFile) => {
      const before = file.state === 'readable' ? recalled.get(cacheKey(file)) : undefined;
      if (before !== undefined) return before;
      const manifest = parseManifest(file, context());
      parsed.push(manifest);
      return manifest;
    };
    known = new Map(snapshot.files.map((file) => [file, known.get(file) ?? parse(file)]));
    if (isAnyUnknown(known) && (await knowMoreProviders())) {
      known = new Map([...known].map(([file, parsed]) => [file, namesUnknownProvider(parsed) ? parse(file) : parsed]));
    }
    cache?.know(known, context(), parsed);
    const owners = { get: (name: string) => active.get(name)?.path };
    const desired = assembleDesired({
      ...{ snapshot, owners, selection },
      manifests: [...known.values()],
      context: context(),
    });
    last = { snapshot, active, desired, isFinal: !isAnyUnknown(known) };
    return desired;
  };
}

function isAnyUnknown(known: ReadonlyMap<SourceFile, ParsedManifest>): boolean {
  return [...known.values()].some(namesUnknownProvider);
}

function namesUnknownProvider({ problems }: ParsedManifest): boolean {
  return problems.some(({ code }) => code === 'CS040');
}
