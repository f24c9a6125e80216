import { join, normalize, relative } from 'node:path';
import type { Pass } from '../daemon/control-client.ts';
import type { Identity } from '../daemon/control-routes.ts';
import type { Settings } from '../daemon/settings.ts';
import type { Plan } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { Applied } from './apply-now.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';

/** What a daemon answered, in the words of the command that asked: the daemon may have been started elsewhere. */
export function passOfDaemon(
  pass: Result<Pass, string>,
  { options }: Identity,
  { tasksName }: Settings,
): Result<Applied, Failure> {
  if (!pass.ok) return err({ message: pass.error, exitCode: exitCodes.failed });
  const { plan, applied, failure } = pass.value;
  const named = options === undefined ? plan : renamed(plan, options.tasksName, tasksName);
  return ok({ plan: named, applied, failure, daemon: true });
}

function renamed(plan: Plan, there: string, here: string): Plan {
  const rename = (file: string) => {
    const path = relative(normalize(there), file);
    return path.startsWith('..') ? file : join(here, path);
  };
  return { ...plan, problems: plan.problems.map((problem) => ({ ...problem, file: rename(problem.file) })) };
}
