import { resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot, SourceFile, SourceUnavailable, UnreadFile } from '../model/snapshot.ts';
import { findCheckout, indexKey, readRevision, waitForLock } from './git.ts';
import { type Identity, readIdentity } from './identity.ts';
import { type ReadManifest, readManifest } from './manifest-file.ts';
import { type Candidate, type Walk, walk } from './walk.ts';

export interface SnapshotInput {
  readonly directory: string;
  /**
   * Files of it that did not change are not read again, and are the same objects in the result. Does not count if it is
   * of another directory.
   */
  readonly previous: Snapshot | null;
  /** A Git that runs is the one that has started us and waits for us: its lock is then no sign of a change. */
  readonly startedByGit?: boolean;
  /** Ends waiting for a running Git. */
  readonly signal?: AbortSignal;
}

/** Waits between attempts to catch the directory at rest, in milliseconds. */
const restsMs = [10, 20, 40, 80, 160, 320] as const;

/** Files that are read before others get their turn; about 2 ms. */
const filesPerTurn = 200;

interface Reading {
  readonly files: ReadonlyMap<string, ReadManifest>;
  readonly directories: Walk['directories'];
}

/** How each snapshot came about; it lives as long as the snapshot itself. */
const readings = new WeakMap<Snapshot, Reading>();

/**
 * One consistent reading of the tasks directory: no part of the way to it was replaced while it was read, and no Git
 * operation ran. Gives `previous` itself when nothing changed. A running Git is waited for, at most 30 s.
 */
export async function takeSnapshot(input: SnapshotInput): Promise<Result<Snapshot, SourceUnavailable>> {
  for (const restMs of [0, ...restsMs]) {
    if (restMs > 0) await pause(restMs);
    const result = await attempt(input);
    if (result.ok) return result;
    if (result.error !== 'changed') return err(result.error);
  }
  const message = `The tasks directory ${input.directory} kept changing while it was read. It is read again soon.`;
  return err({ reason: 'Unstable', message });
}

/** A file of an earlier snapshot, and what tells that it is still the same. */
export interface KnownFile {
  readonly path: string;
  readonly sha256: string;
  /** `null`: the file had just been written, and may have changed since without a trace. */
  readonly stamp: string | null;
}

/** What was known of a directory when a process ended, so that another one can go on from there. */
export function recallSnapshot(
  { directory, baseDirectory, realDirectory }: Pick<Snapshot, 'directory' | 'baseDirectory' | 'realDirectory'>,
  known: readonly KnownFile[],
): Snapshot {
  const files = known.map(({ path, sha256 }) => ({ state: 'recalled', path, sha256 }) as const);
  const about = { directory, baseDirectory, realDirectory };
  const snapshot: Snapshot = { ...about, files, unread: [], revision: null, allowEmpty: false };
  const read = known.map(({ path, stamp }, index): readonly [string, ReadManifest] => [
    path,
    { file: files[index] as SourceFile, stamp: stamp ?? '', settled: stamp !== null },
  ]);
  readings.set(snapshot, { files: new Map(read), directories: new Map() });
  return snapshot;
}

/** The stamps that prove the content of files, by path. */
export function stampsOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  const files = readings.get(snapshot)?.files ?? new Map<string, ReadManifest>();
  return new Map([...files].flatMap(([path, { stamp, settled }]) => (settled ? [[path, stamp]] : [])));
}

/** Every directory that was listed for a snapshot, by absolute path, with a key that tells it from a successor. */
export function directoriesOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  return readings.get(snapshot)?.directories ?? new Map();
}

async function attempt(input: SnapshotInput): Promise<Result<Snapshot, SourceUnavailable | 'changed'>> {
  const identity = await readIdentity(input.directory);
  if (!identity.real.ok) return identity.real;
  const root = identity.real.value;
  const checkout = input.startedByGit === true ? null : await findCheckout(root);
  const lock = checkout === null ? null : await waitForLock(checkout, input.signal);
  if (lock !== null) return err({ reason: 'Locked', message: lockMessage(input.directory, lock) });

  const before = await checkoutKey(identity, root, input);
  if (before === null) return err('changed');
  const walked = await walk(root);
  if (!walked.ok) return walked;
  // Below git-sync's link each commit lies elsewhere: no stamp is as before, and equal files stay the same objects.
  const previous = input.previous?.directory === input.directory ? readings.get(input.previous) : undefined;
  const files = await readAll(walked.value, root, previous);
  if (files === 'changed' || (await isChanged(identity, root, input, before))) return err('changed');

  const snapshot: Snapshot = {
    directory: input.directory,
    baseDirectory: resolve(input.directory),
    realDirectory: root,
    files: walked.value.candidates.flatMap(({ path, name }) => (name === 'manifest' ? fileOf(files, path) : [])),
    unread: [...walked.value.unread, ...unreadFiles(walked.value, files)],
    revision: before.revision,
    allowEmpty: walked.value.allowEmpty,
  };
  const result = input.previous !== null && isEqual(input.previous, snapshot) ? input.previous : snapshot;
  readings.set(result, { files, directories: walked.value.directories });
  return ok(result);
}

function fileOf(files: Reading['files'], path: string): SourceFile | [] {
  return files.get(path)?.file ?? [];
}

const unreadReasons = { misnamed: 'Misnamed', perhaps: 'Perhaps', backup: 'Backup' } as const;

function unreadFiles({ candidates }: Walk, files: Reading['files']): readonly UnreadFile[] {
  return candidates.flatMap(({ path, name }: Candidate): readonly UnreadFile[] => {
    const file = files.get(path)?.file;
    return name === 'manifest' || file === undefined ? [] : [{ path, reason: unreadReasons[name], file }];
  });
}

interface CheckoutKey {
  readonly gitDirectory: string | null;
  readonly index: string;
  readonly revision: string | null;
}

/** Looks for the checkout anew: `.git` may be made, removed or swapped as everything else. */
async function checkoutKey(
  { links }: Identity,
  root: string,
  { startedByGit = false }: SnapshotInput,
): Promise<CheckoutKey | null> {
  const checkout = await findCheckout(root);
  const index = checkout === null || startedByGit ? 'nobody holds it' : await indexKey(checkout);
  if (index === null) return null;
  return { gitDirectory: checkout?.gitDirectory ?? null, index, revision: await readRevision(links, checkout) };
}

async function isChanged(
  identity: Identity,
  root: string,
  input: SnapshotInput,
  before: CheckoutKey,
): Promise<boolean> {
  const after = await checkoutKey(identity, root, input);
  if (after === null || after.gitDirectory !== before.gitDirectory) return true;
  if (after.index !== before.index || after.revision !== before.revision) return true;
  return (await readIdentity(input.directory)).key !== identity.key;
}

async function readAll(
  walked: Walk,
  root: string,
  previous: Reading | undefined,
): Promise<ReadonlyMap<string, ReadManifest> | 'changed'> {
  const files = new Map<string, ReadManifest>();
  for (const candidate of walked.candidates) {
    const known = previous?.files.get(candidate.path);
    const reading = readManifest(candidate, root, known);
    if (reading === 'changed') return 'changed';
    files.set(candidate.path, withKnownFile(reading, known));
    if (files.size % filesPerTurn === 0) await nextTurn();
  }
  return files;
}

/** Equal files stay the same object, so that a consumer may compare and cache by identity. */
function withKnownFile(reading: ReadManifest, known: ReadManifest | undefined): ReadManifest {
  if (known === undefined || reading === known || !isSameFile(reading.file, known.file)) return reading;
  return { ...reading, file: known.file };
}

function isSameFile(left: SourceFile, right: SourceFile): boolean {
  if (left.state !== 'refused') return right.state !== 'refused' && left.sha256 === right.sha256;
  return right.state === 'refused' && left.reason === right.reason && left.detail === right.detail;
}

function isEqual(left: Snapshot, right: Snapshot): boolean {
  return (
    left.directory === right.directory &&
    left.realDirectory === right.realDirectory &&
    left.revision === right.revision &&
    left.allowEmpty === right.allowEmpty &&
    left.files.length === right.files.length &&
    left.files.every((file, index) => file === right.files[index]) &&
    left.unread.length === right.unread.length &&
    left.unread.every((each, index) => isSameUnread(each, right.unread[index]))
  );
}

function isSameUnread(left: Snapshot['unread'][number], right: Snapshot['unread'][number] | undefined): boolean {
  if (left.path !== right?.path || left.reason !== right.reason) return false;
  if ('file' in left) return 'file' in right && left.file === right.file;
  return 'detail' in right && left.detail === right.detail;
}

function lockMessage(directory: string, lock: string): string {
  return `Git holds ${lock}, so the tasks directory ${directory} may be half checked out. If no Git process is running, remove that file.`;
}
