import { posix } from 'node:path';
import type { CredentialSpec } from '../model/credential.ts';
import type { NamedPlace } from '../model/far-place.ts';
import type { RemoteLocation } from '../model/task.ts';
import { genericPlace } from './generic-place.ts';
import { providers } from './registry.ts';
import { type Sections, sectionPlaces } from './section-places.ts';

/** Where the far side of a task lies: several places where its remote joins several. */
export function farPlaces(
  location: RemoteLocation,
  credential: CredentialSpec | null,
  sections: Sections,
): readonly NamedPlace[] {
  const { bucket, folder, rcloneRemote } = location;
  if (credential === null) return sectionPlaces(rcloneRemote ?? '', folder, sections);
  const { provider, options } = credential;
  const rule = providers.get(provider)?.place;
  if (rule === undefined) {
    const text = Object.entries(options).filter(([, value]) => typeof value === 'string');
    return sectionPlaces(
      '',
      folder,
      new Map([['', { ...Object.fromEntries(text), type: provider }], ...sections]),
      () => genericPlace(provider, { options, bucket, folder }),
    );
  }
  if (rule !== 'local') return [rule({ options, bucket, folder })];
  const { root } = options;
  return typeof root === 'string' ? [{ kind: 'path', path: posix.join(root, folder) }] : [];
}
