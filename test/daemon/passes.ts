import type { Engine } from '../../src/daemon/engine.ts';
import type { Reconciliation } from '../../src/daemon/reconcile.ts';
import { openSession } from '../../src/daemon/session.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import type { FakeClock } from '../helper/fake-clock.ts';
import { sessionOptions, type TasksDirectory } from './tasks-directory.ts';

export interface Passes {
  readonly clock: FakeClock;
  readonly engine: Engine;
  pass(): Promise<Reconciliation>;
}

/** Passes of one owner of the state directory, from its start to its end. */
export async function withPasses<T>(directory: TasksDirectory, use: (passes: Passes) => Promise<T>): Promise<T> {
  const { options, clock } = sessionOptions(directory);
  const session = await openSession(options, 'apply');
  if (!session.ok) throw new Error(session.error.message);
  const { engine } = session.value;
  let previous: Snapshot | null = null;
  const pass = async () => {
    const taken = await takeSnapshot({ directory: directory.settings.tasksName, previous });
    if (!taken.ok) throw new Error(taken.error.message);
    previous = taken.value;
    return engine.apply(taken.value, null);
  };
  try {
    return await use({ clock, engine, pass });
  } finally {
    await session.value.close();
  }
}
