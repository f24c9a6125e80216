import { err, ok, type Result } from '../model/result.ts';
import { startChild } from '../rclone/child-process.ts';

/** Password managers ask their servers, and some ask a person, who is not there. */
const defaultTimeoutMs = 30_000;

/**
 * What a command prints to standard output, without its last line break. It gets the whole environment: it is there to
 * find secrets, and password managers keep their own access there. Errors tell its exit and nothing that it printed.
 */
export async function readCommand(
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  timeoutMs = defaultTimeoutMs,
): Promise<Result<string, string>> {
  const [command = '', ...rest] = parameters;
  const child = await startChild({
    ...{ command, arguments: rest, environment: definedIn(environment), input: null, graceMs: 1000 },
    onErrorLine: () => undefined,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.stop();
  }, timeoutMs);
  const { exitCode, signal, spawnCode, stdout } = await child.finished;
  clearTimeout(timer);
  if (spawnCode !== null) return err(`the command ${command} could not be started (${spawnCode})`);
  if (late) return err(`the command ${command} gave no answer within ${timeoutMs / 1000} s`);
  if (exitCode !== 0) return err(`the command ${command} ended with ${exitCode ?? signal}`);
  const text = stdout.replace(/\r?\n$/, '');
  return text === '' ? err(`the command ${command} printed nothing`) : ok(text);
}

function definedIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
