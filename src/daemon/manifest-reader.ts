import { assembleDesired } from '../manifest/assemble-desired.ts';
import type { ManifestContext } from '../manifest/context.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { ActiveSet } from '../model/active.ts';
import type { Desired, ParsedManifest } from '../model/desired.ts';
import type { Snapshot, SourceFile } from '../model/snapshot.ts';
import { checkChunkSize } from '../provider/chunk-size.ts';
import { providers } from '../provider/registry.ts';
import { checkSchedule } from '../schedule/times.ts';

/** Turns snapshots into what they mean, and parses only what has changed since the last one. */
export type ManifestReader = (snapshot: Snapshot, active: ActiveSet) => Desired;

export function createManifestReader(pathRoots: readonly string[]): ManifestReader {
  let known = new Map<SourceFile, ParsedManifest>();
  let knownDirectory = '';

  return (snapshot, active) => {
    const context: ManifestContext = {
      directory: snapshot.directory,
      realDirectory: snapshot.realDirectory,
      ...{ providers, checkChunkSize, checkSchedule, pathRoots },
    };
    // Relative paths mean something else in another directory, as after the swap of a checkout.
    if (snapshot.realDirectory !== knownDirectory) known = new Map();
    knownDirectory = snapshot.realDirectory;
    known = new Map(snapshot.files.map((file) => [file, known.get(file) ?? parseManifest(file, context)]));
    const owners = new Map([...active.values()].map((task) => [task.name, task.path]));
    return assembleDesired({ snapshot, manifests: [...known.values()], owners, context });
  };
}
