import type { ControlHandlers } from '../../src/daemon/control-handlers.ts';
import { err, ok } from '../../src/model/result.ts';

const refuse = async () => err('not in this test');

/** Does nothing of itself; a test replaces what it is about. */
export function handlersWith(part: Partial<ControlHandlers>): ControlHandlers {
  return {
    ...{ reconcile: refuse, plan: refuse, apply: refuse, readLog: refuse },
    refresh: async () => ok(undefined),
    run: () => ({ kind: 'unknown', message: 'not in this test' }),
    abort: () => false,
    transfers: async (plan) => plan,
    status: async () => ({ daemon: null, tasks: [], credentials: [] }),
    events: () => ({ leave: () => {}, ended: Promise.resolve() }),
    errands: { restore: refuse, check: refuse, backups: refuse },
    inspect: { verify: refuse, list: refuse },
    ...part,
  };
}
