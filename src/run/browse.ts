import { err, type Result } from '../model/result.ts';
import { type Entry, listEntries } from '../rclone/entries.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { within } from './local-side.ts';
import { createRedaction } from './redact.ts';
import { prepareRemote, type RemoteTarget } from './remote.ts';
import type { VerifyTools } from './verify.ts';

/** Lists a folder of a remote, given from the place of the target; names are decrypted where the target encrypts. */
export async function browse(
  target: RemoteTarget,
  folder: string,
  tools: VerifyTools,
): Promise<Result<readonly Entry[], string>> {
  // It would lead out of what the credential or the task gives access to.
  if (folder.split('/').includes('..')) return err(`the path ${folder} has a part "..", which leads out of the folder`);
  const binary = await tools.inspectBinary();
  if (!binary.ok) return binary;
  const remote = await prepareRemote(target, tools);
  if (!remote.ok) return remote;
  await using prepared = remote.value;
  const environment = rcloneEnvironment({
    ...{ remotes: prepared.definitions, configFile: prepared.configFile },
    ...{ parent: tools.environment, timeZone: null },
  });
  const listed = await listEntries(binary.value.path, environment, within(prepared.path, folder));
  return listed.ok ? listed : { ok: false, error: createRedaction(prepared.secrets)(listed.error) };
}
