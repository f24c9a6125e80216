import { isRecord, jsonIn } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import { type RcloneFailure, runShort } from './short-run.ts';

const timeoutMs = 60_000;

/** Whether a path, such as `name:folder/file`, is a file. A folder of that name is none. */
export async function fileExists(
  binary: string,
  environment: Readonly<Record<string, string>>,
  path: string,
  signal: AbortSignal,
): Promise<Result<boolean, RcloneFailure>> {
  const parameters = ['lsjson', '--stat', '--use-json-log', '--no-mimetype', '--no-modtime', '--retries', '1'];
  const order = [...parameters, '--low-level-retries', '3', '--', path];
  const { exit, failure } = await runShort(binary, order, environment, { timeoutMs, signal });
  if (exit.exitCode === 3 || exit.exitCode === 4) return ok(false);
  if (failure !== null) return err(failure);
  const found = jsonIn(exit.stdout);
  return ok(isRecord(found) && found['IsDir'] === false);
}
