import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ManifestContext } from '../manifest/context.ts';
import type { ParsedManifest } from '../model/desired.ts';
import type { SourceFile } from '../model/snapshot.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';
import { providers as ours } from '../provider/registry.ts';
import { writeAtomically } from '../state/atomic-write.ts';

/** Parsed manifests, each with the file that it was parsed from. */
export type KnownManifests = ReadonlyMap<SourceFile, ParsedManifest>;

/**
 * What manifests were parsed to, kept over a restart; parsing ten thousand takes seconds. It can be deleted at any
 * time, and what is not exactly as this very program has written it counts as deleted.
 */
export interface ManifestCache {
  /** By `cacheKey`: what was parsed in such a context before. */
  recall(context: ManifestContext): ReadonlyMap<string, ParsedManifest>;
  /** Takes note of what is known now; `parsed`: what the cache did not know. */
  know(known: KnownManifests, context: ManifestContext, parsed: readonly ParsedManifest[]): void;
  /** Writes, when that is worth it. Takes long: schedules come first. */
  keep(): Promise<unknown>;
  /** Writes what it does not hold yet. */
  close(): Promise<void>;
}

/** A single edit is not worth writing megabytes; the next start parses it again. */
const worthWriting = 0.1;

export function createManifestCache(path: string, version: string): ManifestCache {
  let latest: { readonly known: KnownManifests; readonly context: ManifestContext } | null = null;
  let unwritten = 0;
  let writing: Promise<unknown> = Promise.resolve();

  function write(): void {
    const written = latest;
    if (unwritten === 0 || written === null) return;
    unwritten = 0;
    writing = writing.then(() => writeIfOther(path, contentOf(written, version)));
  }

  return {
    recall: (context) => readCache(path, headOf(context, version)),
    know(known, context, parsed) {
      latest = { known, context };
      // What is not right is parsed again at each start, and no reason to write.
      unwritten += parsed.filter(isKept).length;
    },
    keep() {
      if (latest !== null && unwritten > worthWriting * latest.known.size) write();
      return writing;
    },
    async close() {
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

function contentOf(
  { known, context }: { readonly known: KnownManifests; readonly context: ManifestContext },
  version: string,
): string {
  const entries = [...known].flatMap(([file, parsed]) =>
    file.state === 'readable' && isKept(parsed) ? [[cacheKey(file), parsed]] : [],
  );
  const body = JSON.stringify(entries);
  return `${headOf(context, version)} ${digest(body)}\n${body}\n`;
}

/**
 * Nothing that is wrong with a file is kept, so neither is a secret that was written where a reference belongs; nor what
 * the installed rclone had a say in.
 */
function isKept({ problems, credential }: ParsedManifest): boolean {
  return problems.length === 0 && (credential === null || ours.has(credential.spec.provider));
}

/** Equal as long as the same text would be parsed to the same. */
function headOf({ directory, realDirectory, pathRoots, commands }: ManifestContext, version: string): string {
  const { mtimeMs, size } = statSync(fileURLToPath(import.meta.url));
  const { node, tz } = process.versions;
  const program = [version, import.meta.url, mtimeMs, size, node, tz];
  return digest(canonicalJson({ program, directory, realDirectory, pathRoots, commands }));
}

function readCache(path: string, head: string): ReadonlyMap<string, ParsedManifest> {
  try {
    const text = readFileSync(path, 'utf8');
    const lineEnd = text.indexOf('\n');
    if (!text.startsWith(`${head} `)) return new Map();
    const body = text.slice(lineEnd + 1, -1);
    if (text.slice(head.length + 1, lineEnd) !== digest(body)) return new Map();
    return new Map(JSON.parse(body) as readonly (readonly [string, ParsedManifest])[]);
  } catch {
    return new Map();
  }
}
