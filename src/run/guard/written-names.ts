import { stat } from 'node:fs/promises';
import type { ResolvedTask } from '../../model/desired.ts';
import type { TaskSpec } from '../../model/task.ts';
import { fold } from '../../place/fold.ts';
import type { LocalPlace } from '../../place/local-place.ts';
import { escapeGlob } from '../../rclone/filter-selection.ts';

/** Whether a run writes at a name in the destination or below it. `selection`: names at its root that are synced; `null`: all. */
export function isWritten(
  name: string,
  { safety }: Pick<TaskSpec, 'safety'>,
  selection: readonly string[] | null,
): boolean {
  if (selection === null) return true;
  const tops = [...selection, ...(safety.backupFolder === null ? [] : [safety.backupFolder])].map(topOf);
  return tops.includes(topOf(name));
}

/** Whether it is where a run only sets files aside, each time in a new folder. */
export function isBackup(name: string, { safety: { backupFolder } }: Pick<TaskSpec, 'safety'>): boolean {
  return backupFolder !== null && `${name}/`.startsWith(`${backupFolder}/`);
}

/** Whether a file has one name at both sides, which its filters go by: not through an encryption, nor where case is one. */
export function namesAreKnown({ spec, credential }: ResolvedTask, destination: LocalPlace): boolean {
  if (destination.regions.some(({ folds }) => folds)) return false;
  return spec.direction === 'PULL' || (credential !== null && spec.encryption === null);
}

/** How excludes leave out a link at the destination, and whether those of the task do. */
export interface Omission {
  readonly patterns: readonly string[];
  readonly isMade: boolean;
}

/** `null`: no exclude is sure to. Only those count that name it plainly: excludes come first, and the first match wins. */
export async function omissionOf(
  name: string,
  path: string,
  { exclude, safety }: Pick<TaskSpec, 'exclude' | 'safety'>,
): Promise<Omission | null> {
  const { backupFolder } = safety;
  // What is set aside passes no filter.
  if (backupFolder !== null && (isBackup(name, { safety }) || backupFolder.startsWith(`${name}/`))) return null;
  if (quoted.test(name)) return null;
  const parts = escapeGlob(name).split('/');
  const above = parts.slice(1).map((_, index) => `/${parts.slice(0, index + 1).join('/')}/**`);
  const own = `/${parts.join('/')}`;
  const kind = await kindOf(path);
  const patterns = [...(kind === 'folder' ? [] : [own]), ...(kind === 'file' ? [] : [`${own}/**`])];
  const made = exclude.map((pattern) => (pattern.endsWith('/') ? `${pattern}**` : pattern));
  const isMade = above.some((pattern) => made.includes(pattern)) || patterns.every((pattern) => made.includes(pattern));
  return { patterns, isMade };
}

/** rclone writes these in another way, or trims them. */
const quoted = /\p{C}|[\u2400-\u2426\u201b\uff0e\uff0f\ufffd]|^\s|\s$/u;

/** Over what a link leads to. What is not there yet may become either. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return 'nothing';
  return stats.isDirectory() ? 'folder' : 'file';
}

function topOf(name: string): string {
  return fold(name.split('/')[0] ?? '');
}
