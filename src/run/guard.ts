import type { Result } from '../model/result.ts';
import type { TaskSpec } from '../model/task.ts';
import { type LocalSide, within } from './local-side.ts';

/** What is found at a place, local or far. */
export interface Side {
  readonly exists: boolean;
  readonly empty: boolean;
  /** Files and directories at its top. */
  readonly entries: number;
}

/** Looks at a place by the name that rclone knows it by. */
export type Look = (place: string) => Promise<Result<Side, LookFailure>>;

export interface LookFailure {
  readonly message: string;
  readonly retryable: boolean;
}

export interface GuardInput {
  readonly spec: TaskSpec;
  readonly local: LocalSide;
  /** The far side for rclone, through the encryption if there is one. */
  readonly remote: string;
  /** The same without the encryption; equal where there is none. */
  readonly plainRemote: string;
  readonly look: Look;
}

export type Verdict =
  | { readonly kind: 'pass' }
  /** Refused: nothing has been touched. */
  | { readonly kind: 'blocked'; readonly message: string }
  /** It cannot be told whether the run is safe. */
  | ({ readonly kind: 'failed' } & LookFailure);

const pass: Verdict = { kind: 'pass' };

/** Looks before rclone acts: what it would do in these cases it would report as a success. */
export async function guardRun(input: GuardInput): Promise<Verdict> {
  const { absentMarker } = input.local;
  if (absentMarker !== null) return { kind: 'blocked', message: markerSentence(absentMarker) };
  const password = await checkPassword(input);
  if (password.kind !== 'pass') return password;
  return input.spec.direction === 'PUSH' ? checkPush(input) : checkPull(input);
}

function markerSentence(path: string): string {
  return `the marker ${path} is not there, as spec.safety.requireMarker asks; is the disk mounted?`;
}

/**
 * With another password, names at the remote are unreadable and left out. A pull then sees an empty source, and a push
 * writes everything again beside what is there. One name in 200 or so is taken for readable all the same, because only
 * its padding tells, and gives a garbled one.
 */
async function checkPassword({ spec, remote, plainRemote, look }: GuardInput): Promise<Verdict> {
  if (spec.encryption === null || !spec.encryption.filenames) return pass;
  const plain = await look(plainRemote);
  if (!plain.ok) return { kind: 'failed', ...plain.error };
  if (!plain.value.exists || plain.value.empty) return pass;
  const decrypted = await look(remote);
  // Earlier versions of rclone leave out a name that they cannot decrypt, later ones make an error of it.
  if (!decrypted.ok && !/decrypt/i.test(decrypted.error.message)) return { kind: 'failed', ...decrypted.error };
  if (decrypted.ok && decrypted.value.entries * 2 >= plain.value.entries) return pass;
  const unreadable = decrypted.ok
    ? plain.value.entries - decrypted.value.entries
    : undecryptableIn(decrypted.error.message);
  return {
    kind: 'blocked',
    message:
      `${unreadable ?? 'some'} of the ${plain.value.entries} names at ${farName(spec)} cannot be decrypted: ` +
      'the encryption password or the salt is not the one they were written with, or they were never encrypted',
  };
}

/** `there were 3 undecryptable name errors`, as rclone counts them from 1.66 on. */
function undecryptableIn(error: string): string | null {
  return /\b(\d+) undecryptable/.exec(error)?.[1] ?? null;
}

/** A SYNC of an empty directory empties its counterpart: an unmounted disk looks like that. */
async function checkPush({ spec, local, remote, look }: GuardInput): Promise<Verdict> {
  const [missing] = local.missing;
  const [link] = local.leftOut;
  if (missing !== undefined) return { kind: 'blocked', message: missingSource(missing) };
  if (link !== undefined) return { kind: 'blocked', message: symbolicLink(link) };
  if (spec.transferMode !== 'SYNC' || spec.safety.allowEmptySource) return pass;
  for (const name of local.empty) {
    const verdict = await refuseIfFilled(within(remote, name), look, {
      source: within(local.root, name),
      destination: within(farName(spec), name),
    });
    if (verdict.kind !== 'pass') return verdict;
  }
  return pass;
}

/** SYNC would delete its counterpart, and every other mode would pass it by. */
function symbolicLink(path: string): string {
  return (
    `the source ${path} is a symbolic link, and rclone leaves it out; ` +
    'set spec.followSymlinks to true, or name what it points to'
  );
}

/** In a bucket, a folder that is misspelt looks empty. A COPY or MOVE from an empty source deletes nothing here. */
async function checkPull({ spec, local, remote, look }: GuardInput): Promise<Verdict> {
  if (spec.transferMode !== 'SYNC') return pass;
  const source = await look(remote);
  if (!source.ok) return { kind: 'failed', ...source.error };
  if (!source.value.exists) return { kind: 'blocked', message: missingSource(farName(spec)) };
  if (!source.value.empty || spec.safety.allowEmptySource) return pass;
  const filled = local.missing.length === 0 && local.empty.length === 0;
  return filled ? emptySource({ source: farName(spec), destination: local.root }) : pass;
}

interface Names {
  readonly source: string;
  readonly destination: string;
}

async function refuseIfFilled(destination: string, look: Look, names: Names): Promise<Verdict> {
  const found = await look(destination);
  if (!found.ok) return { kind: 'failed', ...found.error };
  return !found.value.exists || found.value.empty ? pass : emptySource(names);
}

function emptySource({ source, destination }: Names): Verdict {
  return {
    kind: 'blocked',
    message:
      `the source ${source} is empty, and SYNC would delete everything in ${destination}; ` +
      'if that is meant, set spec.safety.allowEmptySource to true',
  };
}

export function missingSource(name: string): string {
  return `the source ${name} does not exist`;
}

/** For people: the credential, and the place at it. */
export function farName({ remote }: TaskSpec): string {
  const place = [remote.bucket, remote.folder].filter((part) => part !== null && part !== '').join('/');
  return `${remote.credential ?? remote.rcloneRemote}:${place}`;
}
