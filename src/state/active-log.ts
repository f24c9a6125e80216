import type { ActiveTask, CredentialOwner, CredentialOwners } from '../model/active.ts';
import { isRecord, jsonIn } from '../model/json-text.ts';
import { commonParts, type KnownParts, shareParts } from '../model/shared-parts.ts';
import { digest, specHash } from '../model/spec-hash.ts';

/** What a log of changes of the active set comes to. */
export interface ParsedActiveLog {
  /** By name, in the order of their last changes. */
  readonly tasks: ReadonlyMap<string, ActiveTask>;
  readonly owners: CredentialOwners;
  /** Lines, with those that later ones have made void. */
  readonly entries: number;
  /** Lines that are no entries, in order. The last line may be torn by a crash and is not among them. */
  readonly faults: readonly Fault[];
  /** Whether it ends where a line ends, so that another one can follow. */
  readonly isWhole: boolean;
}

interface Fault {
  /** From 1. */
  readonly line: number;
  readonly detail: string;
}

export const emptyActiveLog: ParsedActiveLog = {
  tasks: new Map(),
  owners: new Map(),
  entries: 0,
  faults: [],
  isWhole: true,
};

/** One line of the log. */
type ActiveEntry =
  | { readonly type: 'set'; readonly task: ActiveTask }
  | { readonly type: 'remove'; readonly name: string }
  | { readonly type: 'own'; readonly credential: CredentialOwner }
  | { readonly type: 'disown'; readonly credential: Pick<CredentialOwner, 'name'> };

/** Ends with the digest of all that is before it, so that a line that is not as it was written is known. */
export function activeLine(entry: ActiveEntry): string {
  const text = JSON.stringify(entry).slice(0, -1);
  return `${text}${sealOf(text)}\n`;
}

function sealOf(text: string | Buffer): string {
  return `,"digest":"${digest(text)}"}`;
}

const sealLength = sealOf('').length;

/**
 * Reads the log. Of a task whose last line cannot be used nothing is known: what it was before that line is not what
 * anybody wants now.
 */
export function parseActiveLog(content: Buffer): ParsedActiveLog {
  const tasks = new Map<string, ActiveTask>();
  const owners = new Map<string, CredentialOwner>();
  const faults: Fault[] = [];
  const known: KnownParts = new Map();
  let line = 0;
  let start = 0;
  // Line by line: the text of thousands of tasks at once, and its lines, would take twice the memory.
  for (let end = content.indexOf(lineBreak); end >= 0; end = content.indexOf(lineBreak, start)) {
    line += 1;
    const entry = parseLine(content.subarray(start, end));
    start = end + 1;
    if (entry.name !== null) tasks.delete(entry.name);
    if (entry.credential !== null) owners.delete(entry.credential.name);
    if (isOwner(entry.credential)) owners.set(entry.credential.name, entry.credential);
    if (entry.detail !== null) faults.push({ line, detail: entry.detail });
    if (entry.task === null) continue;
    shareParts(entry.task.spec, commonParts, known);
    shareParts(entry.task, ['labels', 'annotations', 'credential', 'runTokens'], known);
    tasks.set(entry.task.name, entry.task);
  }
  return { tasks, owners, entries: line, faults, isWhole: start === content.length };
}

const lineBreak = 0x0a;

interface ParsedEntry {
  /** The task that it is about, where that can be told. */
  readonly name: string | null;
  readonly task: ActiveTask | null;
  /** A credential with the file that it comes from now, or only its name where it comes from none. */
  readonly credential: CredentialOwner | Pick<CredentialOwner, 'name'> | null;
  /** What is wrong with it. */
  readonly detail: string | null;
}

function parseLine(content: Buffer): ParsedEntry {
  const value = jsonIn(content.toString());
  const nothing = { name: null, task: null, credential: null, detail: null };
  if (!isRecord(value)) return { ...nothing, detail: 'the content is not JSON' };
  const { type, name, task, credential } = value;
  const { name: about } = isRecord(task) ? task : value;
  const unusable = { ...nothing, name: typeof about === 'string' ? about : null };
  if (!isSealed(content)) return { ...unusable, detail: 'the line does not match its checksum' };
  if (type === 'remove' && typeof name === 'string') return { ...nothing, name };
  if (type === 'set' && isActiveTask(task)) return { ...nothing, name: task.name, task };
  if (type === 'own' && isOwner(credential)) return { ...nothing, credential };
  if (type === 'disown' && isNamed(credential)) return { ...nothing, credential: { name: credential.name } };
  return { ...unusable, detail: 'the content is not a change of a task' };
}

function isNamed(value: unknown): value is Pick<CredentialOwner, 'name'> {
  if (!isRecord(value)) return false;
  const { name } = value;
  return typeof name === 'string';
}

function isOwner(value: unknown): value is CredentialOwner {
  if (!isRecord(value)) return false;
  const { name, path, specHash: hash } = value;
  return typeof name === 'string' && typeof path === 'string' && typeof hash === 'string';
}

function isSealed(content: Buffer): boolean {
  const end = content.length - sealLength;
  return content.toString('latin1', end) === sealOf(content.subarray(0, end));
}

/** A task of which nothing was changed since it was applied; a sentence says what is wrong with it. */
export function parseActiveTask(value: unknown): ActiveTask | string {
  if (!isActiveTask(value)) return 'it is not a task as it was applied';
  return isGenuine(value) ? value : 'the spec does not match its hash';
}

/** A checksum or hash proves that spec and credential are what was written, so only the rest is looked into. */
function isActiveTask(value: unknown): value is ActiveTask {
  if (!isRecord(value)) return false;
  const { name, path, labels, annotations, spec, credential, generation, revision } = value;
  const { appliedAt, scheduledSince, runTokens } = value;
  return (
    typeof name === 'string' &&
    typeof path === 'string' &&
    isRecord(labels) &&
    isRecord(annotations) &&
    isRecord(spec) &&
    (credential === null || isRecord(credential)) &&
    Number.isInteger(generation) &&
    (revision === null || typeof revision === 'string') &&
    typeof appliedAt === 'number' &&
    typeof scheduledSince === 'number' &&
    isRecord(runTokens)
  );
}

function isGenuine({ spec, credential, specHash: hash }: ActiveTask): boolean {
  return specHash(spec, credential) === hash;
}
