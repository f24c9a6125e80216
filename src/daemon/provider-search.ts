import type { InstalledBackends } from '../manifest/installed-problem.ts';
import { isRecord, parseJson } from '../model/json-text.ts';
import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { parseBackends } from '../provider/generic.ts';
import { findProvider } from '../provider/registry.ts';
import type { Sections } from '../provider/section-places.ts';
import { describeBackends } from '../rclone/binary.ts';
import type { FindProvider } from '../run/run-order.ts';
import { readSections } from '../run/task-places.ts';
import type { Settings } from './settings.ts';

/** Our own providers, and any other backend as the installed rclone describes it. */
export interface ProviderSearch {
  readonly find: FindProvider;
  /** The backends that are not among ours, by name. rclone is asked once; a failure is asked again. */
  others(): Promise<Result<ReadonlyMap<string, Provider>, string>>;
  /** Everything that the installed rclone has; it is asked once. */
  installed(): Promise<Result<InstalledBackends, string>>;
  /** Of the rclone.conf of this user; none where it cannot be read. */
  sections(): Promise<Sections>;
}

export function createProviderSearch(
  { rclone, pathRoots }: Pick<Settings, 'rclone' | 'pathRoots'>,
  environment: NodeJS.ProcessEnv,
): ProviderSearch {
  let asked: ReturnType<ProviderSearch['others']> | null = null;

  async function ask(): ReturnType<ProviderSearch['others']> {
    const described = await describeBackends(rclone, environment);
    // Some backends only lead to other places, past the roots that local paths are held to.
    return described.ok ? parseBackends(described.value, pathRoots.length > 0) : described;
  }

  async function others(): ReturnType<ProviderSearch['others']> {
    asked ??= ask();
    const backends = await asked;
    if (!backends.ok) asked = null;
    return backends;
  }

  async function installed(): ReturnType<ProviderSearch['installed']> {
    const described = await describeBackends(rclone, environment);
    return described.ok ? parseInstalled(described.value) : described;
  }

  let installedAsked: ReturnType<ProviderSearch['installed']> | null = null;

  return {
    others,
    async installed() {
      installedAsked ??= installed();
      const found = await installedAsked;
      if (!found.ok) installedAsked = null;
      return found;
    },
    sections: () => readSections(environment),
    async find(name) {
      const known = findProvider(name);
      if (known !== null) return ok(known);
      const backends = await others();
      if (!backends.ok) return backends;
      const found = backends.value.get(name);
      return found === undefined ? err(`this build of rclone has no backend ${name}`) : ok(found);
    },
  };
}

/** What `config providers` prints. */
function parseInstalled(text: string): Result<InstalledBackends, string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const found = new Map<string, ReadonlySet<string>>();
  for (const backend of Array.isArray(parsed.value) ? parsed.value.filter(isRecord) : []) {
    const { Name: name, Prefix: prefix, Options: options } = backend;
    const names = new Set(Array.isArray(options) ? options.map((option) => String(Object(option).Name)) : []);
    for (const each of [name, prefix]) if (typeof each === 'string') found.set(each, names);
  }
  return ok(found);
}
