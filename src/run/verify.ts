import type { Credential } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Result } from '../model/result.ts';
import type { CredentialReport, PlaceReport } from '../model/verification.ts';
import type { RcloneBinary } from '../rclone/binary.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { listTop } from '../rclone/list.ts';
import { createRedaction } from './redact.ts';
import { prepareRemote, type RemoteTarget, type RemoteTools } from './remote.ts';

export interface VerifyTools extends RemoteTools {
  readonly inspectBinary: () => Promise<Result<RcloneBinary, string>>;
}

/** Whoever asks waits for the answer. */
const timeoutMs = 30_000;

/**
 * Connects with a credential and lists, first at its root and then where each of its tasks goes. A key that is only
 * good for one bucket may not see the root, so the credential is accepted as soon as one place is.
 */
export async function verifyCredential(
  { name, spec }: Credential,
  tasks: readonly ResolvedTask[],
  tools: VerifyTools,
): Promise<CredentialReport> {
  const location = { credential: name, rcloneRemote: null, bucket: null, folder: '' };
  const root = await look({ location, credential: spec, encryption: null, uploadChunkSizeBytes: null }, tools);
  const places: PlaceReport[] = [];
  // One after the other: two processes that renew one token at the same moment spoil it.
  for (const task of tasks) places.push(await verifyPlace(task, tools));
  const accepted = root.kind !== 'failed' || places.some(({ reachable }) => reachable);
  const message = root.kind === 'failed' ? root.message : 'the remote accepts the credential';
  return { credential: name, provider: spec.provider, accepted, message, places };
}

async function verifyPlace({ name, spec, credential }: ResolvedTask, tools: VerifyTools): Promise<PlaceReport> {
  const { remote: location, encryption, uploadChunkSizeBytes } = spec;
  const place = [location.bucket, location.folder].filter((part) => part !== null && part !== '').join('/');
  const found = await look({ location, credential, encryption, uploadChunkSizeBytes }, tools);
  // A folder that a push makes itself, and a bucket too where the provider lets it.
  const reachable = found.kind === 'found' || (found.kind === 'missing' && spec.direction === 'PUSH');
  const missing = spec.direction === 'PUSH' ? 'not there yet; the first run makes it' : 'does not exist';
  const messages = { found: 'reachable', missing, failed: found.message };
  return { task: name, place, reachable, message: messages[found.kind] };
}

interface Found {
  readonly kind: 'found' | 'missing' | 'failed';
  readonly message: string;
}

async function look(target: RemoteTarget, tools: VerifyTools): Promise<Found> {
  const binary = await tools.inspectBinary();
  if (!binary.ok) return { kind: 'failed', message: binary.error };
  const remote = await prepareRemote(target, tools);
  if (!remote.ok) return { kind: 'failed', message: remote.error };
  await using prepared = remote.value;
  const environment = rcloneEnvironment({
    ...{ remotes: prepared.definitions, configFile: prepared.configFile },
    ...{ parent: tools.environment, timeZone: null },
  });
  const listed = await listTop(binary.value.path, environment, prepared.path, { timeoutMs });
  if (listed.ok) return { kind: 'found', message: 'reachable' };
  if (listed.error.missing) return { kind: 'missing', message: 'does not exist' };
  return { kind: 'failed', message: createRedaction(prepared.secrets)(listed.error.message) };
}
