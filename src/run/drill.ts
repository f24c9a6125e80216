import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckedFile, CheckSample } from '../model/check.ts';
import type { ComparedLine, Comparison } from '../rclone/comparison.ts';
import { type CompareContext, compare } from './compare.ts';
import type { RunTools } from './run-order.ts';

/** Files that both sides have and that compared as equal. */
export interface ChosenFiles {
  /** More than `size`, in the order in which they were drawn. */
  readonly names: readonly string[];
  /** How many are read. */
  readonly size: number;
  readonly seed: string;
  /** Where they lie on this machine. */
  readonly root: string;
  /** What was changed later may differ from its copy. */
  readonly unchangedSince: number;
}

const maxNames = 100;

/**
 * Reads random files in full from the far side, as a restore would, and compares each byte with the local ones. Both
 * are streams, so it needs no disk. `null`: it was stopped.
 */
export async function readBack(
  comparison: Comparison,
  { names, size, seed, root, unchangedSince }: ChosenFiles,
  context: Omit<CompareContext, 'input' | 'swapped' | 'onFile'>,
  tools: Pick<RunTools, 'clock' | 'emit' | 'signal'>,
): Promise<CheckSample | null> {
  // A name with bytes that are no UTF-8 has become another one here.
  const readable = names.filter((name) => !name.includes('\ufffd'));
  const unchanged: string[] = [];
  let changed = 0;
  for (const name of readable) {
    if (unchanged.length === size) break;
    if (await isOlder(join(root, name), unchangedSince)) unchanged.push(name);
    else changed += 1;
  }
  if (unchanged.length === 0) return { seed, read: 0, equal: 0, changed, names: [], failed: [] };

  const found = new Map<string, ComparedLine['found']>();
  const input = unchanged.map((name) => `${name}\n`).join('');
  const compared = await compare(
    comparison,
    { ...context, input, swapped: false, onFile: ({ path, found: how }) => found.set(path, how) },
    tools,
  );
  if (compared.stopped) return null;
  const failed: CheckedFile[] = [];
  let equal = 0;
  for (const path of unchanged) {
    const how = found.get(path);
    if (how === 'equal') equal += 1;
    // Somebody may have written to it while it was read.
    else if (!(await isOlder(join(root, path), unchangedSince))) changed += 1;
    else failed.push(failure(path, how, compared.late ? 'the check ran out of time' : compared.error));
  }
  return { seed, read: equal + failed.length, equal, changed, names: unchanged.slice(0, maxNames), failed };
}

function failure(path: string, how: ComparedLine['found'] | undefined, error: string | null): CheckedFile {
  if (how === 'differing') return { found: 'differing', path, detail: 'its copy has another content' };
  return { found: 'error', path, detail: `its copy could not be read${error === null ? '' : `: ${error}`}` };
}

/** A name that rclone writes differently here, such as one with a line break, is taken for unchanged. */
async function isOlder(path: string, since: number): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats === null || stats.mtimeMs < since;
}
