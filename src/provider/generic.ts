import { jsonIn } from '../model/json-text.ts';
import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { type BackendOption, genericOption } from './generic-option.ts';
import { genericPlace } from './generic-place.ts';
import { providers } from './registry.ts';

/** One entry of what `rclone config providers` prints. */
export interface BackendDescription {
  readonly Name: string;
  readonly Description: string;
  readonly Options: readonly BackendOption[];
}

/** These lead to whatever other remote or local path their options name, past the limits that are set to local paths. */
const wrappers = ['alias', 'archive', 'cache', 'chunker', 'combine', 'compress', 'crypt', 'hasher', 'union'];

/**
 * Every backend of the installed rclone that has no provider of its own here, by name. `confined`: without those that
 * can lead to any local path. Fails with a sentence when the text is not what rclone prints.
 */
export function parseBackends(json: string, confined = false): Result<ReadonlyMap<string, Provider>, string> {
  const backends = readBackends(json);
  if (backends === null) {
    return err('Expected a list of backends from "rclone config providers", found something else.');
  }
  const curated = new Set([...providers.values()].flatMap(({ name, rcloneType }) => [name, rcloneType]));
  const others = backends.filter(({ Name }) => !curated.has(Name) && !(confined && wrappers.includes(Name)));
  return ok(new Map(others.map((backend) => [backend.Name, genericProvider(backend)])));
}

/** A provider as far as rclone itself describes it. */
export function genericProvider(backend: BackendDescription): Provider {
  const options = optionsByName(backend.Options);
  return {
    name: backend.Name,
    title: backend.Description,
    rcloneType: backend.Name,
    description: `${backend.Description.replace(/\.$/, '')}, as rclone describes it.`,
    options,
    // rclone does not tell; where there are buckets, the first part of the folder names one.
    buckets: false,
    directions: ['PUSH', 'PULL'],
    place: (location) => genericPlace(backend.Name, location),
    fixed: {},
    uploadChunk: null,
    // A backend that cannot do it ignores it.
    fastList: true,
    token: 'token' in options && 'token_url' in options ? 'token' : null,
    notes: [],
  };
}

/** rclone 1.60 lists an option once for each service that describes it in its own way. */
function optionsByName(described: readonly BackendOption[]): Provider['options'] {
  // The second bit of `Hide` is for what rclone sets for itself, or no longer needs.
  const visible = described.filter(({ Hide }) => (Hide & 2) === 0);
  const names = [...new Set(visible.map(({ Name }) => Name))];
  return Object.fromEntries(
    names.map((name) => [name, genericOption(visible.filter((option) => option.Name === name))]),
  );
}

function readBackends(json: string): readonly BackendDescription[] | null {
  const parsed = jsonIn(json);
  return Array.isArray(parsed) && parsed.length > 0 && parsed.every(isBackend) ? parsed : null;
}

function isBackend(value: Partial<BackendDescription> | null): value is BackendDescription {
  return (
    typeof value?.Name === 'string' &&
    typeof value.Description === 'string' &&
    Array.isArray(value.Options) &&
    value.Options.every(isOption)
  );
}

function isOption(value: Partial<BackendOption> | null): value is BackendOption {
  const { Name, Type, Help } = value ?? {};
  return typeof Name === 'string' && typeof Type === 'string' && typeof Help === 'string';
}
