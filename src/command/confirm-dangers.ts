import type { Settings } from '../daemon/settings.ts';
import { err, ok, type Result } from '../model/result.ts';
import { plural } from '../model/wording.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { textOf } from './plan-output.ts';
import { preview } from './plan-source.ts';
import type { Shell } from './shell.ts';

/**
 * Shows a person the plan and asks before anything dangerous is applied. Gives the hash of the plan that was agreed to;
 * `null`: nothing of it is dangerous, or nobody sits at a terminal.
 */
export async function confirmDangers(settings: Settings, shell: Shell): Promise<Result<string | null, Failure>> {
  const { terminal } = shell;
  if (!terminal.interactive) return ok(null);
  const shown = await preview(settings, { kind: 'active' }, shell);
  // An apply fails for the same reason, and says so.
  if (!shown.ok) return ok(null);
  const { plan } = shown.value;
  const dangers = plan.changes.flatMap(({ effects }) => effects.filter(({ danger }) => danger));
  if (dangers.length === 0) return ok(null);
  terminal.note(textOf(plan, { color: terminal.color.stderr, verbose: false, isApplied: false }));
  const answer = await shell.ask(`Apply this plan with ${plural(dangers.length, 'danger')}? Only "yes" applies it: `);
  if (answer?.trim().toLowerCase() === 'yes') return ok(plan.hash);
  return err({ message: 'nothing was applied', exitCode: answer === null ? exitCodes.interrupted : exitCodes.failed });
}
