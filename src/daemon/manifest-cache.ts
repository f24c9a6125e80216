import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ActiveSet } from '../model/active.ts';
import type { Desired, ParsedManifest } from '../model/desired.ts';
import { type KnownParts, shareManifestParts } from '../model/shared-parts.ts';
import type { Snapshot, SourceFile } from '../model/snapshot.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';
import type { Task } from '../model/task.ts';
import { providers as ours } from '../provider/registry.ts';
import { type KnownFile, recallSnapshot, stampsOf } from '../source/snapshot.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import type { Settings } from './settings.ts';

/**
 * What manifests were parsed to, kept over a restart; parsing ten thousand takes seconds. It can be deleted at any
 * time, and what is not exactly as this very program has written it counts as deleted.
 */
export interface ManifestCache {
  /** What was read when it was written, for a reading to go on from; `null` once that has been taken. */
  readonly recalled: Snapshot | null;
  /** By `cacheKey`: what was parsed in the directory of this snapshot. It is given once, and then forgotten. */
  take(snapshot: Snapshot): ReadonlyMap<string, ParsedManifest>;
  /** Takes note of what is known now; `parsed`: what had to be parsed for it. */
  know(now: Knowledge, parsed: Iterable<ParsedManifest>): void;
  /** Writes, when that is worth it. Takes long: schedules come first. */
  keep(): Promise<unknown>;
  /** Writes what it does not hold yet. */
  close(): Promise<void>;
}

export interface Knowledge {
  /** Each file with what it was parsed to. */
  readonly manifests: ReadonlyMap<SourceFile, ParsedManifest>;
  readonly snapshot: Snapshot;
  readonly desired: Desired;
}

interface ManifestCacheOptions {
  readonly path: string;
  readonly settings: Pick<Settings, 'tasksName' | 'pathRoots' | 'commands' | 'version'>;
  /** Specs that are active are not kept twice. */
  readonly active: () => ActiveSet;
}

/** A single edit is not worth writing megabytes; the next start parses it again. */
const worthWriting = 0.1;

export function openManifestCache({ path, settings, active }: ManifestCacheOptions): ManifestCache {
  const head = headOf(settings);
  let recalled = readCache(path, head, settings.tasksName, active());
  /** The stamps that are in the file, by `cacheKey`, until it is known what has changed since. */
  let held: Recalled['stamps'] | null = recalled?.stamps ?? new Map();
  let latest: Knowledge | null = null;
  let unwritten = 0;
  let isWritten = false;
  let writing: Promise<unknown> = Promise.resolve();

  function write(): void {
    if (unwritten === 0 || latest === null) return;
    unwritten = 0;
    isWritten = true;
    const lines = linesOf(latest, active());
    writing = writing.then(() => writeIfOther(path, `${head} ${digest(lines)}\n${lines}`));
  }

  return {
    get recalled() {
      return recalled?.snapshot ?? null;
    },
    take({ baseDirectory }) {
      const taken = recalled;
      recalled = null;
      if (taken === null) return new Map();
      if (taken.snapshot.baseDirectory === baseDirectory) return taken.manifests;
      // Relative paths mean something else in another directory.
      held = new Map();
      return new Map();
    },
    know(now, parsed) {
      // What is not right is parsed again at each start, and no reason to write.
      unwritten += held === null ? [...parsed].filter(isKept).length : countOthers(now, held);
      held = null;
      latest = now;
    },
    keep() {
      if (latest !== null && unwritten > worthWriting * latest.manifests.size) write();
      return writing;
    },
    async close() {
      // Whoever has changed the cache also adds the stamps that have become trustworthy since; a process that finds
      // nothing new writes nothing.
      if (isWritten) unwritten += 1;
      write();
      await writing;
    },
  };
}

/** What is wrong with a file is not kept, so it is parsed at each start, and the rest is as it was. */
async function writeIfOther(path: string, content: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before !== content) await writeAtomically(path, content, 0o600);
}

export function cacheKey({ path, sha256 }: { readonly path: string; readonly sha256: string }): string {
  return `${sha256} ${path}`;
}

/**
 * Nothing that is wrong with a file is kept, so neither is a secret that was written where a reference belongs; nor what
 * the installed rclone had a say in.
 */
function isKept({ problems, credential }: ParsedManifest): boolean {
  return problems.length === 0 && (credential === null || ours.has(credential.spec.provider));
}

/**
 * Counts the manifests that the cache lacks, or holds with the stamp of another file. A file that was too young to
 * trust its stamp when it was cached stays without one: otherwise a second pass over an unchanged directory would write.
 */
function countOthers({ manifests, snapshot }: Knowledge, held: Recalled['stamps']): number {
  const stamps = stampsOf(snapshot);
  const isOther = ([file, parsed]: readonly [SourceFile, ParsedManifest]) => {
    if (file.state === 'refused' || !isKept(parsed)) return false;
    const before = held.get(cacheKey(file));
    return before === undefined || (before !== null && before !== stamps.get(file.path));
  };
  return [...manifests].filter(isOther).length;
}

/** Equal as long as the same text would be parsed to the same. */
function headOf({ tasksName, pathRoots, commands, version }: ManifestCacheOptions['settings']): string {
  const { mtimeMs, size } = statSync(fileURLToPath(import.meta.url));
  const { node, tz } = process.versions;
  const program = [version, import.meta.url, mtimeMs, size, node, tz];
  return digest(canonicalJson({ program, tasksName, pathRoots, commands }));
}

interface KeptManifest extends Pick<KnownFile, 'sha256' | 'stamp'> {
  readonly parsed: Omit<ParsedManifest, 'task'>;
  readonly task: KeptTask | null;
}

interface KeptTask extends Omit<Task, 'spec'> {
  /** The hash stands for the spec of an active task. */
  readonly spec: Task['spec'] | string;
}

/** The directory, and then a line for each manifest. */
function linesOf({ manifests, snapshot, desired }: Knowledge, active: ActiveSet): string {
  const stamps = stampsOf(snapshot);
  const kept = [...manifests].flatMap(([file, manifest]): readonly KeptManifest[] => {
    if (file.state === 'refused' || !isKept(manifest)) return [];
    const { task, ...parsed } = manifest;
    const about = { sha256: file.sha256, stamp: stamps.get(file.path) ?? null, parsed };
    const resolved = task === null ? undefined : desired.tasks.get(task.name);
    if (task === null || resolved?.path !== file.path) return [{ ...about, task }];
    const isActive = active.get(task.name)?.specHash === resolved.specHash;
    return [{ ...about, task: isActive ? { ...task, spec: resolved.specHash } : task }];
  });
  return [{ base: snapshot.baseDirectory, real: snapshot.realDirectory }, ...kept]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

interface Recalled {
  readonly snapshot: Snapshot;
  /** By `cacheKey`. */
  readonly manifests: ReadonlyMap<string, ParsedManifest>;
  readonly stamps: ReadonlyMap<string, string | null>;
}

function readCache(path: string, head: string, directory: string, active: ActiveSet): Recalled | null {
  try {
    const content = readFileSync(path);
    const bodyStart = content.indexOf(lineBreak) + 1;
    const body = content.subarray(bodyStart);
    if (content.toString('latin1', 0, bodyStart) !== `${head} ${digest(body)}\n`) return null;
    return recall(linesIn(body), directory, active);
  } catch {
    return null;
  }
}

const lineBreak = 0x0a;

/** One after the other: the text of thousands at once would stay in memory for as long as the daemon has no need of it. */
function* linesIn(body: Buffer): Generator<unknown> {
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf(lineBreak, start);
    yield JSON.parse(body.toString('utf8', start, end));
    start = end + 1;
  }
}

function recall(lines: Generator<unknown>, directory: string, active: ActiveSet): Recalled {
  const common: KnownParts = new Map();
  const manifests = new Map<string, ParsedManifest>();
  const stamps = new Map<string, string | null>();
  const files: KnownFile[] = [];
  const { base, real } = Object(lines.next().value);
  const place = { directory, baseDirectory: String(base), realDirectory: String(real) };
  for (const each of lines as Generator<KeptManifest>) {
    const manifest = whole(each, active, common);
    if (manifest === null) continue;
    const file = { path: each.parsed.path, sha256: each.sha256, stamp: each.stamp };
    manifests.set(cacheKey(file), manifest);
    stamps.set(cacheKey(file), each.stamp);
    files.push(file);
  }
  return { snapshot: recallSnapshot(place, files), manifests, stamps };
}

/** `null` where the spec that it stands for is not active any more. */
function whole({ parsed, task: kept }: KeptManifest, active: ActiveSet, common: KnownParts): ParsedManifest | null {
  const task = kept === null ? null : withSpec(kept, active);
  if (task === undefined) return null;
  // Not by a spread: each of thousands would be an object of a kind of its own to V8, which takes more than the object.
  const { path, kind, name, labels, credential, problems, places } = parsed;
  const manifest = { path, kind, name, labels, task, credential, problems, places };
  shareManifestParts(manifest, common);
  return manifest;
}

function withSpec({ name, labels, annotations, spec }: KeptTask, active: ActiveSet): Task | undefined {
  if (typeof spec !== 'string') return { name, labels, annotations, spec };
  const applied = active.get(name);
  return applied?.specHash === spec ? { name, labels, annotations, spec: applied.spec } : undefined;
}
