import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { parseBackends } from '../provider/generic.ts';
import { findProvider } from '../provider/registry.ts';
import { describeBackends } from '../rclone/binary.ts';
import type { FindProvider } from '../run/run-order.ts';
import type { Settings } from './settings.ts';

type Backends = Result<ReadonlyMap<string, Provider>, string>;

/** Our own providers, and any other backend as the installed rclone describes it, which is asked once at most. */
export function createProviderSearch(
  { rclone, pathRoots }: Pick<Settings, 'rclone' | 'pathRoots'>,
  environment: NodeJS.ProcessEnv,
): FindProvider {
  let asked: Promise<Backends> | null = null;

  async function ask(): Promise<Backends> {
    const described = await describeBackends(rclone, environment);
    return described.ok ? parseBackends(described.value, pathRoots.length > 0) : described;
  }

  return async (name) => {
    const ours = findProvider(name);
    if (ours !== null) return ok(ours);
    asked ??= ask();
    const backends = await asked;
    if (!backends.ok) {
      asked = null;
      return backends;
    }
    const found = backends.value.get(name);
    return found === undefined ? err(`this build of rclone has no backend ${name}`) : ok(found);
  };
}
