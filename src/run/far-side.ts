import type { ResolvedTask } from '../model/desired.ts';
import { ok, type Result } from '../model/result.ts';
import type { RcloneBinary } from '../rclone/binary.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import type { Look } from './guard.ts';
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

export type FarSideTools = Pick<RunTools, 'inspectBinary' | 'findProvider' | 'environment' | 'state' | 'signal'>;

/** Looks up secrets and finds rclone; the error is a sentence. */
export async function openFarSide(
  { spec, credential }: ResolvedTask,
  tools: FarSideTools,
): Promise<Result<FarSide, string>> {
  const binary = await tools.inspectBinary();
  if (!binary.ok) return binary;
  const { remote: location, encryption, uploadChunkSizeBytes } = spec;
  const remote = await prepareRemote({ location, credential, encryption, uploadChunkSizeBytes }, tools);
  if (!remote.ok) return remote;
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
