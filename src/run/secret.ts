import { readFile, stat } from 'node:fs/promises';
import { type CredentialSpec, isSecretReference, type OptionValue, type SecretReference } from '../model/credential.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import type { Encryption } from '../model/task.ts';
import { readAge } from './secret-age.ts';
import { readCommand } from './secret-command.ts';

/** Larger than any key or token, and small enough that a mistaken path does no harm. */
const maxSecretBytes = 64 * 1024;

/** Option values as text, and which of these texts must never be shown. */
export interface ResolvedOptions {
  readonly options: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Looks up every reference of a credential. The error names all that are missing, and never a value. */
export async function resolveOptions(
  credential: CredentialSpec,
  environment: NodeJS.ProcessEnv,
): Promise<Result<ResolvedOptions, string>> {
  return resolveAll(credential.options, environment);
}

/** The passwords of an encryption, under rclone's names for them. */
export async function resolveEncryption(
  { password, salt }: Encryption,
  environment: NodeJS.ProcessEnv,
): Promise<Result<ResolvedOptions, string>> {
  const resolved = await resolveAll({ password, ...(salt === null ? {} : { salt }) }, environment);
  if (!resolved.ok) return resolved;
  const { salt: password2, ...options } = resolved.value.options;
  return ok({ ...resolved.value, options: { ...options, ...(password2 === undefined ? {} : { password2 }) } });
}

async function resolveAll(
  values: Readonly<Record<string, OptionValue>>,
  environment: NodeJS.ProcessEnv,
): Promise<Result<ResolvedOptions, string>> {
  const options: Record<string, string> = {};
  const secrets: string[] = [];
  const missing: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const text = await resolveValue(value, environment);
    if (!text.ok) {
      missing.push(`option ${name}: ${text.error}`);
      continue;
    }
    options[name] = text.value;
    if (isSecretReference(value)) secrets.push(text.value);
  }
  return missing.length === 0 ? ok({ options, secrets }) : err(missing.join('; '));
}

async function resolveValue(value: OptionValue, environment: NodeJS.ProcessEnv): Promise<Result<string, string>> {
  return isSecretReference(value) ? resolveReference(value, environment) : ok(String(value));
}

async function resolveReference(
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<Result<string, string>> {
  if ('fromEnv' in reference) return fromEnvironment(reference.fromEnv, environment);
  if ('fromFile' in reference) return fromFile(reference.fromFile);
  if ('fromCommand' in reference) return readCommand(reference.fromCommand, environment);
  if ('age' in reference) return readAge(reference.age, environment);
  return unreachable(reference);
}

function fromEnvironment(name: string, environment: NodeJS.ProcessEnv): Result<string, string> {
  const value = environment[name];
  if (value === undefined) return err(`environment variable ${name} is not set`);
  return value === '' ? err(`environment variable ${name} is empty`) : ok(value);
}

async function fromFile(path: string): Promise<Result<string, string>> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return err(`${path} is not a regular file`);
    if (file.size > maxSecretBytes) return err(`${path} is larger than ${maxSecretBytes} bytes`);
    // Editors and `echo` end a file with a newline that is not part of the secret.
    const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    return text === '' ? err(`${path} is empty`) : ok(text);
  } catch (error) {
    return err(error instanceof Error ? `cannot read ${path}: ${reasonOf(error)}` : `cannot read ${path}`);
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  return error.code === 'EACCES' ? 'permission denied' : (error.code ?? error.message);
}
