import type { Credential } from '../model/credential.ts';
import type { Provider } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { startChild } from '../rclone/child-process.ts';
import { rcloneEnvironment } from '../rclone/environment.ts';
import { replaceToken } from '../state/token-store.ts';
import { createRedaction } from './redact.ts';
import { section } from './remote.ts';
import { resolveOptions, type SecretSource } from './secret.ts';
import type { VerifyTools } from './verify.ts';

export interface AuthorizeOptions {
  readonly credential: Credential;
  readonly provider: Provider;
  /** A token that was authorised elsewhere; `null`: authorise here, with a browser. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** What rclone says to the person, such as the address to open. */
  readonly onLine: (line: string) => void;
}

/** Takes a new token for a credential, and keeps it until the manifest's own reference gives another. */
export async function authorize(options: AuthorizeOptions, tools: VerifyTools): Promise<Result<void, string>> {
  const { credential, provider, signal } = options;
  if (provider.token === null) return err(`provider ${provider.name} needs no authorisation in a browser`);
  const { [provider.token]: reference, ...others } = credential.spec.options;
  const resolved = await resolveOptions({ ...credential.spec, options: others }, tools);
  if (!resolved.ok) return resolved;

  const token = options.token === null ? await askBrowser(options, resolved.value, tools) : ok(options.token);
  if (!token.ok) return token;
  if (signal.aborted) return err('stopped');
  const referred = reference === undefined ? null : await resolveToken(provider.token, reference, tools);
  const place = { credential: credential.name, section };
  return replaceToken(tools.state, place, { token: token.value, reference: referred });
}

/** The token that the manifest refers to may be missing still; then whatever it turns out to be is taken for new. */
async function resolveToken(
  name: string,
  reference: Credential['spec']['options'][string],
  source: SecretSource,
): Promise<string | null> {
  const resolved = await resolveOptions({ provider: '', options: { [name]: reference } }, source);
  return resolved.ok ? (resolved.value.options[name] ?? null) : null;
}

interface Resolved {
  readonly options: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

async function askBrowser(
  { provider, signal, onLine }: AuthorizeOptions,
  { options, secrets }: Resolved,
  tools: VerifyTools,
): Promise<Result<string, string>> {
  const binary = await tools.inspectBinary();
  if (!binary.ok) return binary;
  const redact = createRedaction(secrets);
  const child = await startChild({
    command: binary.value.path,
    arguments: ['authorize', provider.rcloneType, '--auth-no-open-browser'],
    environment: {
      ...rcloneEnvironment({ remotes: [], parent: tools.environment, timeZone: null }),
      ...backendVariables(provider, options),
    },
    input: null,
    onErrorLine: (line) => onLine(redact(line)),
  });
  signal.addEventListener('abort', child.stop, { once: true });
  const exit = await child.finished;
  signal.removeEventListener('abort', child.stop);
  if (exit.exitCode !== 0) return err('rclone did not get a token; what it said stands above');
  return tokenIn(exit.stdout);
}

/** rclone knows these two backends by a shorter name in variables. */
const prefixes: Readonly<Record<string, string>> = { 'google cloud storage': 'gcs', 'google photos': 'gphotos' };

/** The client's secret goes by the environment, since arguments are for everyone to see. */
function backendVariables(provider: Provider, options: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = prefixes[provider.rcloneType] ?? provider.rcloneType;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      `RCLONE_${prefix}_${name}`.toUpperCase().replaceAll('-', '_'),
      value,
    ]),
  );
}

/** Printed between two arrows. */
function tokenIn(output: string): Result<string, string> {
  const token = /--->\s*(\{[\s\S]*?\})\s*<---/.exec(output)?.[1];
  return token === undefined ? err('rclone printed no token') : ok(token);
}
