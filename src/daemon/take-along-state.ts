import { lstat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { err, ok, type Result } from '../model/result.ts';
import { earlierStateDirectory } from '../state/earlier-state.ts';
import { moveState } from '../state/move-state.ts';
import { acquireOwnership } from '../state/owner.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { connect } from './control-client.ts';
import type { SessionFailure } from './session.ts';
import type { Settings } from './settings.ts';
import { makeFoldersAbove, misplacementOf } from './state-place.ts';

interface Wish {
  readonly dryRun: boolean;
  onStep(step: string): void;
}

/** Moves the state of an earlier version, out of the tasks directory, while this process holds both places. */
export async function takeAlongState(
  settings: Settings,
  environment: NodeJS.ProcessEnv,
  wish: Wish,
): Promise<Result<void, SessionFailure>> {
  const from = earlierStateDirectory(settings.tasksDirectory);
  const to = settings.stateDirectory;
  const misplaced = await misplacementOf(settings, environment);
  if (misplaced !== null) return err({ kind: 'failed', message: misplaced });
  for (const place of [from, to]) {
    const holder = await connect(place);
    if (holder !== null)
      return err({ kind: 'held', message: `A process holds ${place} (${holder.identity.pid}). Stop it first.` });
  }
  const move = { from, to, ...wish };
  if (wish.dryRun || !(await isDirectory(from))) return failing(await moveState(move));
  const above = await makeFoldersAbove(to, settings.stateOrigin);
  if (!above.ok) return failing(above);
  // No daemon of the earlier version can start meanwhile.
  const ownership = await acquireOwnership(stateDirectory(from), createServer());
  if (!ownership.ok) return ownership;
  try {
    return failing(await moveState(move));
  } finally {
    await ownership.value.release();
  }
}

function failing(done: Result<void, string>): Result<void, SessionFailure> {
  return done.ok ? ok(undefined) : err({ kind: 'failed', message: done.error });
}

async function isDirectory(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() === true;
}
