import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonIn, recordOf } from '../model/json-text.ts';
import { err, ok, type Result } from '../model/result.ts';
import { digest } from '../model/spec-hash.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { writeDurably } from './atomic-write.ts';
import type { StateDirectory } from './state-directory.ts';

/** Where a credential's token is kept for rclone. */
export interface TokenPlace {
  /** The credential's name. */
  readonly credential: string;
  /** Section of the configuration file: the remote's name in the run that will use it. */
  readonly section: string;
}

/**
 * Gives the path of a configuration file that holds a credential's token and nothing else, or `null` where there is no
 * token at all, as with a credential that logs in by other means. rclone renews the token in
 * it, and from then on only the file knows it: what the manifest refers to has often been used up. The file is made
 * anew when the reference gives another token than before, for then somebody has authorised anew. `token` is the JSON
 * text that `rclone authorize` prints; `null` where the manifest refers to none.
 */
export async function keepToken(
  state: StateDirectory,
  place: TokenPlace,
  token: string | null,
): Promise<Result<string | null, string>> {
  const { config, origin } = pathsOf(state, place.credential);
  const parsed = token === null ? ok(null) : parseToken(token);
  if (!parsed.ok) return parsed;
  try {
    const kept = (await readIfThere(config)) !== null;
    if (kept && (parsed.value === null || (await readIfThere(origin)) === digest(parsed.value))) return ok(config);
  } catch (error) {
    return err(systemWords(error));
  }
  if (parsed.value === null) return ok(null);
  const written = await writeToken(state, place, parsed.value, parsed.value);
  return written.ok ? ok(config) : written;
}

/** Takes a token that was just authorised, until the reference gives another one than it does now. */
export async function replaceToken(
  state: StateDirectory,
  place: TokenPlace,
  { token, reference }: { readonly token: string; readonly reference: string | null },
): Promise<Result<void, string>> {
  const parsed = parseToken(token);
  if (!parsed.ok) return parsed;
  const from = reference === null ? ok('') : parseToken(reference);
  return writeToken(state, place, parsed.value, from.ok ? from.value : '');
}

async function writeToken(
  state: StateDirectory,
  { credential, section }: TokenPlace,
  token: string,
  from: string,
): Promise<Result<void, string>> {
  const { folder, config, origin } = pathsOf(state, credential);
  try {
    // rclone writes a temporary file beside the configuration and renames it, so the folder is private too.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    return err(systemWords(error));
  }
  const written = await writeDurably(config, `[${section}]\ntoken = ${token}\n`, 0o600);
  // Last: without it, the next run takes the reference's token once more, which has not been renewed yet.
  return written.ok ? writeDurably(origin, digest(from), 0o600) : written;
}

function pathsOf(state: StateDirectory, credential: string) {
  const folder = join(state.tokens, credential);
  return { folder, config: join(folder, 'rclone.conf'), origin: join(folder, 'origin') };
}

/** On one line, as the configuration needs it. */
function parseToken(text: string): Result<string, string> {
  const token = recordOf(jsonIn(text));
  const { access_token: access } = token;
  if (typeof access === 'string') return ok(JSON.stringify(token));
  return err('the token is not what "rclone authorize" prints: a JSON object with an access_token was expected');
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
