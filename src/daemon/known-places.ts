import type { ManifestContext } from '../manifest/context.ts';
import { localPathsOf } from '../manifest/task-location.ts';
import type { CredentialSpec } from '../model/credential.ts';
import type { ParsedManifest } from '../model/desired.ts';
import type { Task } from '../model/task.ts';
import { createPlaceCache } from '../place/disk/place-cache.ts';
import { farPlaces } from '../provider/far-places.ts';
import type { Sections } from '../provider/section-places.ts';

export interface KnownPlaces extends Pick<ManifestContext, 'localPlace' | 'farPlaces'> {
  /** Reads where the local paths of manifests lead, those that are new, and some others. */
  learn(manifests: readonly ParsedManifest[], sections: Sections, others: readonly string[]): Promise<void>;
}

export function createKnownPlaces(): KnownPlaces {
  const cache = createPlaceCache();
  const learned = new WeakMap<Task, CredentialSpec | null>();
  let known: Sections = new Map();
  const far: ManifestContext['farPlaces'] = (location, credential) => farPlaces(location, credential, known);

  return {
    localPlace: cache.of,
    farPlaces: far,
    async learn(manifests, sections, others) {
      known = sections;
      const credentials = new Map(
        manifests.flatMap(({ credential }) =>
          credential === null ? [] : [[credential.name, credential.spec] as const],
        ),
      );
      const paths = manifests.flatMap(({ task }) => {
        if (task === null) return [];
        const { credential: name } = task.spec.remote;
        const credential = (name === null ? null : credentials.get(name)) ?? null;
        // A section of rclone.conf may lead to another path at any time.
        if (name !== null && learned.get(task) === credential) return [];
        learned.set(task, credential);
        return localPathsOf({ spec: task.spec, credential }, far);
      });
      await cache.learn([...others, ...paths]);
    },
  };
}
