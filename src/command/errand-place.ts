import { connect } from '../daemon/control-client.ts';
import { createErrands, type Errands } from '../daemon/errands.ts';
import type { Settings } from '../daemon/settings.ts';
import { createSharedTools } from '../daemon/shared-tools.ts';
import { emptyHistory } from '../model/history.ts';
import { err, ok, type Result } from '../model/result.ts';
import { createErrandRunner } from '../run/errand-runner.ts';
import { createLocks } from '../run/locks.ts';
import { readHistories } from '../state/history-store.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { readManifests } from './desired-task.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';
import { holdingTasks } from './short-session.ts';

export interface ErrandWish {
  readonly task: string;
  /** What only looks needs no state directory, and makes none. */
  readonly onlyLooks: boolean;
}

type Act<T> = (errands: Errands) => Promise<Result<T, string>>;

/**
 * Does something about one task where its locks are: in the process that holds the state, for the task as it was
 * applied; without one, this process holds the state meanwhile, for the task as its manifest says now.
 */
export async function doErrand<T>(
  wish: ErrandWish,
  settings: Settings,
  shell: Shell,
  act: Act<T>,
): Promise<Result<T, Failure>> {
  const client = await connect(settings.stateDirectory);
  if (client !== null) return failingWith(await act(client.errands));
  const found = await readManifests(settings, shell, wish.task);
  if (!found.ok) return failingWith(found);
  const { task, snapshot } = found.value;
  if (!wish.onlyLooks) {
    return holdingTasks(settings, shell, snapshot, async ({ errands }) => failingWith(await act(errands)));
  }
  const state = stateDirectory(settings.stateDirectory);
  const histories = await readHistories(state, [wish.task], 'leave');
  const runner = createErrandRunner({
    tools: createSharedTools({ settings, environment: shell.environment, state }),
    locks: createLocks(),
    historyOf: (name) => histories.get(name) ?? emptyHistory,
    maxConcurrentChecks: 1,
    emit: () => {},
  });
  return failingWith(await act(createErrands(runner, () => task)));
}

function failingWith<T>(done: Result<T, string>): Result<T, Failure> {
  return done.ok ? ok(done.value) : err({ message: done.error, exitCode: exitCodes.failed });
}
