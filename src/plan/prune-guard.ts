import { keepsSchedule } from '../model/annotation.ts';
import type { Desired, ResolvedTask } from '../model/desired.ts';
import type { Change, ChangeReason } from '../model/plan.ts';
import { canonicalJson, digest } from '../model/spec-hash.ts';
import { listed } from '../model/wording.ts';

export const prunePolicies = ['guarded', 'never', 'always'] as const;
/** Whether schedules end whose manifests are gone: unless that looks like an accident, not at all, however many. */
export type PrunePolicy = (typeof prunePolicies)[number];

export interface PruneInput {
  /** The tasks that would be deleted. */
  readonly names: readonly string[];
  readonly activeCount: number;
  readonly desired: Pick<Desired, 'files' | 'allowEmpty' | 'tasks' | 'invalid' | 'unselected'>;
  /** Manifests of which not even the name can be read. */
  readonly unreadable: readonly string[];
  readonly approvedPrune: string | null;
  readonly prune: PrunePolicy;
}

export interface PruneRefusal {
  readonly reason: Extract<ChangeReason, 'InvalidManifest' | 'SourceEmpty' | 'NotSelected' | 'TooManyDeletes'>;
  readonly message: string;
}

/** Refuses all deletes of one pass when they look like an accident; `null`: they may go on. */
export function guardPrune(input: PruneInput): PruneRefusal | null {
  const { names, activeCount, desired, unreadable, prune } = input;
  if (names.length === 0) return null;
  // Approval does not help here: what such a file declares is not absent.
  if (unreadable.length > 0) return { reason: 'InvalidManifest', message: unreadableMessage(unreadable) };

  const command = `cloudsync approve-prune ${shortHash(pruneHash(names))}`;
  if (prune === 'always' || isApprovedPrune(input)) return null;
  if (desired.files === 0) {
    if (desired.allowEmpty) return null;
    return {
      reason: 'SourceEmpty',
      message:
        `Nothing is deleted: the tasks directory holds no manifests, and ${tasks(activeCount)} active. If that is ` +
        `meant, commit a file .allow-empty there, or run: ${command}`,
    };
  }
  if (desired.tasks.size + desired.invalid.size === 0 && desired.unselected.size > 0) {
    return {
      reason: 'NotSelected',
      message:
        `Nothing is deleted: --selector and --name select none of the ${desired.unselected.size} tasks here, and ` +
        `${tasks(activeCount)} active. If that is meant, run: ${command}`,
    };
  }
  const limit = maxDeletes(activeCount);
  if (names.length <= limit) return null;
  return {
    reason: 'TooManyDeletes',
    message:
      `Nothing is deleted: ${names.length} of ${activeCount} active tasks have no manifest any more, and at most ` +
      `${limit} are deleted at once. If that is meant, run: ${command}`,
  };
}

/** Why the schedule of a task goes on without its manifest, in words; `null`: it does not. */
export function keptSchedule(
  { name, annotations }: Pick<ResolvedTask, 'name' | 'annotations'>,
  { prune, approvedPrune }: Pick<PruneInput, 'prune' | 'approvedPrune'>,
): string | null {
  if (prune === 'never') return 'its manifest is gone; --prune never keeps the schedule';
  if (!keepsSchedule(annotations) || isApprovedPrune({ names: [name], approvedPrune })) return null;
  const command = `cloudsync approve-prune ${shortHash(pruneHash([name]))}`;
  return `its manifest is gone; the annotation cloudsync/prune: disabled keeps the schedule. To end it, run: ${command}`;
}

/** Names one set of deletes, so that an approval holds for these and no others. */
export function pruneHash(names: readonly string[]): string {
  return digest(canonicalJson([...names].sort()));
}

/** A set of deletes that a plan refuses, and that somebody may approve. */
export interface RefusedPrune {
  /** `sha256:…`, of which `approve-prune` takes the first digits. */
  readonly hash: string;
  /** The tasks that would be deleted. */
  readonly names: readonly string[];
}

/** What of a plan waits for an approval now. */
export function refusedPrunes(changes: readonly Change[]): readonly RefusedPrune[] {
  const blocked = namesOf(changes.filter(({ action, reason }) => action === 'blocked' && approvable.has(reason)));
  const kept = namesOf(
    changes.filter(({ reason, before }) => reason === 'PruneDisabled' && keepsSchedule(before?.annotations ?? {})),
  );
  return [...(blocked.length === 0 ? [] : [blocked]), ...kept.map((name) => [name])].map((names) => ({
    hash: pruneHash(names),
    names,
  }));
}

/** Whether an approval is still about something: the deletes that it names are refused, or are done because of it. */
export function isApprovalCurrent(approvedPrune: string, changes: readonly Change[]): boolean {
  // A revision that is refused as a whole says nothing about its deletes.
  if (changes.some(({ reason }) => reason === 'RevisionInvalid')) return true;
  const deleted = namesOf(changes.filter(({ action }) => action === 'delete'));
  const blocked = namesOf(changes.filter(({ action }) => action === 'blocked'));
  const kept = namesOf(changes.filter(({ reason }) => reason === 'PruneDisabled'));
  // One whose annotation keeps it is approved by itself.
  const sets = [deleted, blocked, ...[...deleted, ...kept].map((name) => [name])];
  return sets.some((names) => names.length > 0 && isApprovedPrune({ names, approvedPrune }));
}

const approvable: ReadonlySet<ChangeReason> = new Set(['SourceEmpty', 'NotSelected', 'TooManyDeletes']);

function namesOf(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ name }) => name ?? []);
}

/** As few as 5 never look like an accident; of many tasks, up to 30 % do not. */
function maxDeletes(activeCount: number): number {
  return Math.max(5, Math.floor((activeCount * 30) / 100));
}

/** Whether somebody has approved just these deletes. */
export function isApprovedPrune({ names, approvedPrune }: Pick<PruneInput, 'names' | 'approvedPrune'>): boolean {
  const prefix = (approvedPrune ?? '').toLowerCase().replace(/^sha256:/, '');
  return /^[0-9a-f]{8,}$/.test(prefix) && pruneHash(names).startsWith(`sha256:${prefix}`);
}

function shortHash(hash: string): string {
  return hash.slice('sha256:'.length, 'sha256:'.length + 12);
}

function tasks(count: number): string {
  return count === 1 ? '1 task is' : `${count} tasks are`;
}

function unreadableMessage(paths: readonly string[]): string {
  return `Kept: no name can be read in ${listed(paths, 1)}, which may be the manifest of this task. Correct or remove the file`;
}
