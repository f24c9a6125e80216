import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CredentialSpec } from '../model/credential.ts';
import { type Provider, taskOptions } from '../model/provider.ts';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import type { Encryption, RemoteLocation } from '../model/task.ts';
import { chunkOptions } from '../provider/chunk-size.ts';
import { type ResolvedRemote, resolveRemote } from '../provider/resolve-remote.ts';
import type { RemoteDefinition } from '../rclone/environment.ts';
import { leavesOutQuietly } from '../rclone/left-out.ts';
import { openState, type StateDirectory } from '../state/state-directory.ts';
import { keepToken } from '../state/token-store.ts';
import { existingConfig } from './rclone-config.ts';
import type { FindProvider } from './run-order.ts';
import { resolveEncryption, resolveOptions, type SecretSource } from './secret.ts';

/** A far side, as a task or a credential names it. */
export interface RemoteTarget {
  readonly location: RemoteLocation;
  /** `null`: a section of an existing rclone.conf. */
  readonly credential: CredentialSpec | null;
  readonly encryption: Encryption | null;
  readonly uploadChunkSizeBytes: number | null;
}

/** A far side that rclone can use. To be disposed of when rclone has ended. */
export interface PreparedRemote extends AsyncDisposable {
  readonly definitions: readonly RemoteDefinition[];
  /** A configuration that rclone reads, and in which it keeps a token that it renews; `null`: none. */
  readonly configFile: string | null;
  /** For rclone: `name:path`, through the encryption if there is one. */
  readonly path: string;
  /** The same place without its encryption. */
  readonly plainPath: string;
  /** The passwords of the encryption in one text; `null`: there is none. A secret. */
  readonly key: string | null;
  /** Whether rclone may leave out of a listing what could be there, and say so only at the level of debugging. */
  readonly leavesOutQuietly: boolean;
  /** What must never be shown. */
  readonly secrets: readonly string[];
}

export interface RemoteTools extends SecretSource {
  readonly state: StateDirectory;
  readonly findProvider: FindProvider;
}

/** rclone knows our remotes by these names; they are only in its environment and before a colon, and never shown. */
export const section = 'remote';
/** A section of this name in an existing rclone.conf would add its own options, such as another salt. */
const cryptSection = 'cloudsync_crypt';

/** Looks up secrets, writes the files that rclone wants, and says all that is missing in one sentence. */
export async function prepareRemote(target: RemoteTarget, tools: RemoteTools): Promise<Result<PreparedRemote, string>> {
  const plain = target.credential === null ? existing(target, tools) : await defined(target, target.credential, tools);
  if (!plain.ok || target.encryption === null) return plain;

  const crypt = await resolveEncryption(target.encryption, tools);
  if (!crypt.ok) {
    await plain.value[Symbol.asyncDispose]();
    return err(`encryption: ${crypt.error}`);
  }
  return ok({
    ...plain.value,
    definitions: [
      ...plain.value.definitions,
      cryptDefinition(plain.value.path, target.encryption, crypt.value.options),
    ],
    path: `${cryptSection}:`,
    key: keyOf(crypt.value.options),
    secrets: [...plain.value.secrets, ...crypt.value.secrets],
  });
}

function existing({ location }: RemoteTarget, { environment }: RemoteTools): Result<PreparedRemote, string> {
  const configFile = existingConfig(environment);
  if (!configFile.ok) return configFile;
  const path = `${location.rcloneRemote}:${location.folder}`;
  return ok({
    definitions: [],
    configFile: configFile.value,
    path,
    plainPath: path,
    key: null,
    // It may be a remote of any kind.
    leavesOutQuietly: true,
    secrets: [],
    [Symbol.asyncDispose]: async () => {},
  });
}

async function defined(
  { location, uploadChunkSizeBytes }: RemoteTarget,
  credential: CredentialSpec,
  tools: RemoteTools,
): Promise<Result<PreparedRemote, string>> {
  const { state, findProvider } = tools;
  const name = location.credential ?? '';
  const provider = await findProvider(credential.provider);
  if (!provider.ok) return err(`credential ${name}: ${provider.error}`);
  const resolved = await resolveOptions(credential, tools);
  if (!resolved.ok) return err(`credential ${name}: ${resolved.error}`);

  const { token: tokenOption } = provider.value;
  const { options, token } = splitToken(resolved.value.options, tokenOption);
  const remote = resolveRemote(provider.value, { ...options, ...ownOptions(provider.value, location) }, location);
  if (!remote.ok) return err(`credential ${name}: ${remote.error}`);
  const kept = tokenOption === null ? ok(noToken) : await keepFor(name, state, token);
  if (!kept.ok) return err(`credential ${name}: ${kept.error}`);

  const written = await writeFiles(remote.value);
  if (!written.ok) return err(`credential ${name}: ${written.error}`);
  const files = written.value;
  const chunk = uploadChunkSizeBytes === null ? {} : chunkOptions(provider.value, uploadChunkSizeBytes);
  const path = `${section}:${remote.value.path}${listedAtOnce(remote.value) ? '/' : ''}`;
  return ok({
    definitions: [
      {
        ...{ name: section, type: remote.value.type, obscured: remote.value.obscured },
        options: { ...remote.value.options, ...chunk, ...files.options },
      },
    ],
    configFile: kept.value.configFile,
    path,
    plainPath: path,
    key: null,
    leavesOutQuietly: leavesOutQuietly(remote.value.type),
    secrets: [...resolved.value.secrets, ...kept.value.secrets],
    [Symbol.asyncDispose]: files.remove,
  });
}

/**
 * Without the slash, S3 first asks whether the folder is a file, by a request whose answer has no body: an error there
 * says nothing of its reason. Other backends take the slash for a part of the name, or drop it.
 */
function listedAtOnce({ type, path }: ResolvedRemote): boolean {
  return type === 's3' && path.includes('/');
}

/** As text. What an active set holds has been validated, perhaps by a version that allowed more. */
function ownOptions(provider: Provider, { options = {} }: RemoteLocation): Readonly<Record<string, string>> {
  const allowed = taskOptions(provider);
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(allowed, name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** A token that rclone renews lives in a file; in the environment, the old one would win over the renewed one. */
function splitToken(options: Readonly<Record<string, string>>, tokenOption: string | null) {
  if (tokenOption === null) return { options, token: null };
  const { [tokenOption]: token = null, ...rest } = options;
  return { options: rest, token };
}

interface KeptToken {
  readonly configFile: string | null;
  readonly secrets: readonly string[];
}

const noToken: KeptToken = { configFile: null, secrets: [] };

/** Also a dry run may be the first to make the state directory; then what keeps a token out of Git comes with it. */
async function keepFor(
  credential: string,
  state: StateDirectory,
  token: string | null,
): Promise<Result<KeptToken, string>> {
  const opened = token === null ? ok(state) : await openState(state.path);
  if (!opened.ok) return opened;
  const configFile = await keepToken(state, { credential, section }, token);
  if (!configFile.ok) return configFile;
  if (configFile.value === null) return ok(noToken);
  // One that rclone has renewed is not the one that the manifest refers to.
  const text = await readFile(configFile.value, 'utf8').catch(() => '');
  const secrets = [...text.matchAll(/^token = (.+)$/gm)].map(([, kept = '']) => kept);
  return ok({ configFile: configFile.value, secrets });
}

interface WrittenFiles {
  readonly options: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/** Options whose value rclone takes from a file only, such as the host keys of an SFTP server. */
async function writeFiles({ files }: ResolvedRemote): Promise<Result<WrittenFiles, string>> {
  if (files.length === 0) return ok({ options: {}, remove: async () => {} });
  try {
    const folder = await mkdtemp(join(tmpdir(), 'cloudsync-'));
    const options = Object.fromEntries(files.map(({ option }) => [option, join(folder, option)]));
    for (const { option, content } of files) await writeFile(join(folder, option), content, { mode: 0o600 });
    return ok({ options, remove: () => rm(folder, { recursive: true, force: true }) });
  } catch (error) {
    return err(`a file for rclone could not be written in ${tmpdir()}: ${systemWords(error)}`);
  }
}

function keyOf({ password = '', password2 = '' }: Readonly<Record<string, string>>): string {
  return JSON.stringify([password, password2]);
}

/** As rclone and TrueNAS encrypt: folder names follow file names. */
function cryptDefinition(
  remote: string,
  { filenames }: Encryption,
  passwords: Readonly<Record<string, string>>,
): RemoteDefinition {
  return {
    name: cryptSection,
    type: 'crypt',
    options: {
      ...{ remote, ...passwords },
      filename_encryption: filenames ? 'standard' : 'off',
      directory_name_encryption: String(filenames),
    },
    obscured: ['password', 'password2'],
  };
}
