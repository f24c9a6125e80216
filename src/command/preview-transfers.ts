import { connect } from '../daemon/control-client.ts';
import { type TransferProgress, withTransfers } from '../daemon/plan-transfers.ts';
import type { Settings } from '../daemon/settings.ts';
import { createSharedTools } from '../daemon/shared-tools.ts';
import type { Plan } from '../model/plan.ts';
import { err, ok, type Result } from '../model/result.ts';
import { createLocks } from '../run/locks.ts';
import { recall } from '../run/memories.ts';
import { simulate } from '../run/simulate.ts';
import type { Applied } from './apply-now.ts';
import { passOfDaemon } from './daemon-pass.ts';
import type { Failure } from './failure.ts';
import { type PlanSource, preview } from './plan-source.ts';
import type { Shell } from './shell.ts';
import { stopOnSignal } from './stopping.ts';

/**
 * A preview with what the runs would do to files. A daemon makes it where its own active set is meant: it has the
 * secrets, and knows which tokens are in use.
 */
export async function previewTransfers(
  settings: Settings,
  source: PlanSource,
  shell: Shell,
): Promise<Result<Applied, Failure>> {
  const { terminal } = shell;
  const controller = new AbortController();
  using stopping = stopOnSignal(shell);
  stopping.onSignal(() => controller.abort('Aborted'));
  const onProgress = ({ done, total, task }: TransferProgress) =>
    terminal.progress(`Looking at files: ${done} of ${total} tasks, ${task}`);
  terminal.progress('Looking at files…');
  const client = source.kind === 'active' ? await connect(settings.stateDirectory) : null;
  const found =
    client?.identity.command === 'daemon'
      ? passOfDaemon(await client.planTransfers(onProgress, controller.signal), client.identity, settings)
      : await here(settings, source, shell, (plan) =>
          withTransfers(plan, { ...simulatorOf(settings, shell), signal: controller.signal, onProgress }),
        );
  terminal.progress(null);
  const exitCode = stopping.exitCode();
  return exitCode === null ? found : err({ message: 'stopped', exitCode });
}

async function here(
  settings: Settings,
  source: PlanSource,
  shell: Shell,
  add: (plan: Plan) => Promise<Plan>,
): Promise<Result<Applied, Failure>> {
  const previewed = await preview(settings, source, shell);
  return previewed.ok ? ok({ ...previewed.value, plan: await add(previewed.value.plan) }) : previewed;
}

/** Dry runs in this process, which leave nothing behind. */
function simulatorOf(
  settings: Settings,
  { environment }: Shell,
): Pick<Parameters<typeof withTransfers>[1], 'simulate'> {
  const tools = { ...createSharedTools({ settings, environment }), locks: createLocks() };
  return {
    async simulate(task, emit, signal) {
      const memory = await recall(tools.state, task.name);
      return simulate(task, { allowDeletes: null, memory }, { ...tools, emit, signal });
    },
  };
}
