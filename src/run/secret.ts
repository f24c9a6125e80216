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

/** The process in which references are resolved: its own variables, and its own permissions. */
export interface SecretSource {
  readonly environment: NodeJS.ProcessEnv;
  /** As messages name it, such as `the daemon (process 42)`. */
  readonly processName: string;
}

/** Looks up every reference of a credential. The error names all that are missing, and never a value. */
export async function resolveOptions(
  credential: CredentialSpec,
  source: SecretSource,
): Promise<Result<ResolvedOptions, string>> {
  return resolveAll(credential.options, source);
}

/** The passwords of an encryption, under rclone's names for them. */
export async function resolveEncryption(
  encryption: Encryption,
  source: SecretSource,
): Promise<Result<ResolvedOptions, string>> {
  const resolved = await resolveAll(passwordsOf(encryption), source);
  if (!resolved.ok) return resolved;
  const { salt: password2, ...options } = resolved.value.options;
  return ok({ ...resolved.value, options: { ...options, ...(password2 === undefined ? {} : { password2 }) } });
}

/**
 * Which of these values refer to a variable or a file that is not there for this process, one sentence each. Runs no
 * command and decrypts nothing: commands may ask a server or a person.
 */
export async function missingReferences(
  values: Readonly<Record<string, OptionValue>>,
  source: SecretSource,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!isSecretReference(value) || !('fromEnv' in value || 'fromFile' in value)) continue;
    const text = await resolveReference(value, source);
    if (!text.ok) missing.push(`option ${name}: ${text.error}`);
  }
  return missing;
}

/** The passwords of an encryption by their names in a manifest. */
export function passwordsOf({ password, salt }: Encryption): Readonly<Record<string, OptionValue>> {
  return salt === null ? { password } : { password, salt };
}

async function resolveAll(
  values: Readonly<Record<string, OptionValue>>,
  source: SecretSource,
): Promise<Result<ResolvedOptions, string>> {
  const options: Record<string, string> = {};
  const secrets: string[] = [];
  const missing: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const text = await resolveValue(value, source);
    if (!text.ok) {
      missing.push(`option ${name}: ${text.error}`);
      continue;
    }
    options[name] = text.value;
    if (isSecretReference(value)) secrets.push(text.value);
  }
  return missing.length === 0 ? ok({ options, secrets }) : err(missing.join('; '));
}

async function resolveValue(value: OptionValue, source: SecretSource): Promise<Result<string, string>> {
  return isSecretReference(value) ? resolveReference(value, source) : ok(String(value));
}

async function resolveReference(reference: SecretReference, source: SecretSource): Promise<Result<string, string>> {
  if ('fromEnv' in reference) return fromEnvironment(reference.fromEnv, source);
  if ('fromFile' in reference) return fromFile(reference.fromFile, source);
  if ('fromCommand' in reference) return readCommand(reference.fromCommand, source.environment);
  if ('age' in reference) return readAge(reference.age, source.environment);
  return unreachable(reference);
}

function fromEnvironment(name: string, { environment, processName }: SecretSource): Result<string, string> {
  const value = environment[name];
  if (value === undefined) return err(`environment variable ${name} is not set for ${processName}`);
  return value === '' ? err(`environment variable ${name} is empty for ${processName}`) : ok(value);
}

async function fromFile(path: string, { processName }: SecretSource): Promise<Result<string, string>> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return err(`${path} is not a regular file`);
    if (file.size > maxSecretBytes) return err(`${path} is larger than ${maxSecretBytes} bytes`);
    // Editors and `echo` end a file with a newline that is not part of the secret.
    const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    return text === '' ? err(`${path} is empty`) : ok(text);
  } catch (error) {
    const reason = error instanceof Error ? reasonOf(error) : String(error);
    return err(`${processName} cannot read ${path}: ${reason}`);
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file';
  return error.code === 'EACCES' ? 'permission denied' : (error.code ?? error.message);
}
