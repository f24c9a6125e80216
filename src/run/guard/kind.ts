import { stat } from 'node:fs/promises';
import type { LocalKind } from '../../model/memory.ts';
import { blocked, type Guard, pass } from './verdict.ts';

/**
 * A path that was a file and is a directory now, or the reverse, means another set of files: a SYNC of the one would
 * delete what it keeps of the other.
 */
export const kindGuard: Guard = async ({ task: { spec, specHash }, memory: { success }, pen }) => {
  const kinds: Record<string, LocalKind> = {};
  for (const path of spec.paths) {
    const kind = await kindOf(path);
    if (kind !== null) kinds[path] = kind;
    const before = success?.specHash === specHash ? success.localKinds?.[path] : undefined;
    if (kind !== null && before !== undefined && before !== kind) return blocked(changedSentence(path, before, kind));
  }
  pen.onSuccess({ localKinds: kinds });
  return pass;
};

async function kindOf(path: string): Promise<LocalKind | null> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return null;
  return stats.isDirectory() ? 'directory' : 'file';
}

function changedSentence(path: string, before: LocalKind, now: LocalKind): string {
  return (
    `${path} was a ${before} when the task last succeeded and is a ${now} now; ` +
    'move it away, or, if that is meant, edit spec.path or any other field of the spec'
  );
}
