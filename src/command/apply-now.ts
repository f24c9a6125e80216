import { type ControlClient, connect, type Pass } from '../daemon/control-client.ts';
import type { Reconciliation } from '../daemon/reconcile.ts';
import type { Settings } from '../daemon/settings.ts';
import type { Plan } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { passOfDaemon } from './daemon-pass.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';
import { holdingState } from './short-session.ts';
import { untilConfirmed } from './until-confirmed.ts';

/** What was, or would be, done. */
export interface Applied {
  readonly plan: Plan;
  /** False for a preview, and when the plan was not the expected one. */
  readonly applied: boolean;
  readonly failure: Reconciliation['failure'];
  /** Whether a daemon holds the schedules. */
  readonly daemon: boolean;
}

/** A daemon applies what its directory says now; without one, this process does. `expected`: only a plan of this hash. */
export async function applyNow(
  settings: Settings,
  expected: string | null,
  shell: Shell,
): Promise<Result<Applied, Failure>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null) return applyByDaemon(client, settings, expected, shell);
  return holdingState(settings, shell, 'apply', async ({ engine }) => {
    const pass = async (): Promise<Result<Pass, string>> => {
      const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: engine.recalled });
      return snapshot.ok ? ok(await engine.apply(snapshot.value, expected)) : err(snapshot.error.message);
    };
    const done = await untilConfirmed(pass, shell);
    return done.ok ? ok({ ...done.value, daemon: false }) : err({ message: done.error, exitCode: exitCodes.failed });
  });
}

async function applyByDaemon(
  client: ControlClient,
  settings: Settings,
  expected: string | null,
  shell: Shell,
): Promise<Result<Applied, Failure>> {
  const { command, pid } = client.identity;
  if (command !== 'daemon') {
    const message = `"cloudsync ${command}" (process ${pid}) holds the state directory; try again when it has ended`;
    return err({ message, exitCode: exitCodes.noDaemon });
  }
  const done = await untilConfirmed(() => client.apply(expected), shell);
  return passOfDaemon(done, client.identity, settings);
}
