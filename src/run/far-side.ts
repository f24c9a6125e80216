import type { ResolvedTask } from '../model/desired.ts';
import { err, ok, type Result } from '../model/result.ts';
import type { RcloneBinary } from '../rclone/binary.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { breachOf } from './confinement.ts';
import type { Look } from './guard/verdict.ts';
import { createLook } from './look.ts';
import { createRedaction } from './redact.ts';
import { type PreparedRemote, prepareRemote } from './remote.ts';
import type { RunTools } from './run-order.ts';

/** The far side of a task, ready for rclone. To be disposed of when rclone has ended. */
export interface FarSide extends AsyncDisposable {
  readonly binary: RcloneBinary;
  /** Holds secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remote: PreparedRemote;
  readonly redact: (text: string) => string;
  readonly look: Look;
}

export type FarSideTools = Pick<
  RunTools,
  'inspectBinary' | 'findProvider' | 'environment' | 'processName' | 'state' | 'signal' | 'confinement'
>;

export interface FarSideFailure {
  /** `Blocked`: this machine does not allow it. */
  readonly outcome: 'Blocked' | 'Failed';
  /** One sentence. */
  readonly message: string;
}

/** Looks up secrets and finds rclone. Scripts of the task do not matter: none of them is going to run. */
export async function openFarSide(
  { spec, credential }: ResolvedTask,
  tools: FarSideTools,
): Promise<Result<FarSide, FarSideFailure>> {
  const harmless = { ...spec, preScript: '', postScript: '', finallyScript: '' };
  const breach = await breachOf({ spec: harmless, credential }, tools.confinement, tools.environment);
  if (breach !== null) return err({ outcome: 'Blocked', message: breach });
  const binary = await tools.inspectBinary();
  if (!binary.ok) return err({ outcome: 'Failed', message: binary.error });
  const { remote: location, encryption, uploadChunkSizeBytes } = spec;
  const remote = await prepareRemote({ location, credential, encryption, uploadChunkSizeBytes }, tools);
  if (!remote.ok) return err({ outcome: 'Failed', message: remote.error });
  const environment = rcloneEnvironment({
    ...{ remotes: remote.value.definitions, configFile: remote.value.configFile, parent: tools.environment },
    timeZone: spec.schedule?.timeZone ?? null,
  });
  const redact = createRedaction(remote.value.secrets);
  return ok({
    ...{ binary: binary.value, environment, remote: remote.value, redact },
    look: createLook({ binary: binary.value.path, environment, redact, signal: tools.signal }),
    [Symbol.asyncDispose]: () => remote.value[Symbol.asyncDispose](),
  });
}
