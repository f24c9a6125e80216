import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CutOff, Expected, WrittenPlace } from '../model/cut-off.ts';
import type { FarPlace } from '../model/far-place.ts';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** Runs that may have left files cut off, by their ids. A corrupt file is set aside. */
export async function readCutOffs(
  { cutOff: folder }: StateDirectory,
  onCorrupt: OnCorrupt,
): Promise<Map<string, CutOff>> {
  const found = new Map<string, CutOff>();
  for (const file of namesIn(folder).filter((name) => name.endsWith('.json'))) {
    const cutOff = await readJsonFile(join(folder, file), parseCutOff, onCorrupt);
    if (cutOff !== null) found.set(cutOff.runId, cutOff);
  }
  return found;
}

/** Durable once it resolves. The error is in the system's words. */
export function writeCutOff(state: StateDirectory, cutOff: CutOff): Promise<Result<void, string>> {
  return writeDurably(pathOf(state, cutOff.runId), `${JSON.stringify(cutOff)}\n`);
}

/** One that comes back after a power cut is of a run that left nothing cut off, and does no harm. */
export async function removeCutOff(state: StateDirectory, runId: string): Promise<void> {
  await rm(pathOf(state, runId), { force: true }).catch(() => undefined);
}

/** Relative to the state directory. */
export function cutOffName(runId: string): string {
  return join('cut-off', `${runId}.json`);
}

function pathOf({ cutOff }: StateDirectory, runId: string): string {
  return join(cutOff, `${runId}.json`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function parseCutOff(value: unknown): CutOff | string {
  return isCutOff(value) ? value : 'the content is not what a run may have left cut off';
}

function isCutOff(value: unknown): value is CutOff {
  if (!isRecord(value)) return false;
  const { runId, task, specHash, places, encrypted, from, until, expected } = value;
  const texts = [runId, task, specHash].every((each) => typeof each === 'string');
  const times = typeof from === 'number' && (until === null || typeof until === 'number');
  const listed = Array.isArray(places) && places.every(isPlace);
  return texts && times && listed && typeof encrypted === 'boolean' && (expected === null || isExpected(expected));
}

function isExpected(value: unknown): value is Expected {
  if (!isRecord(value)) return false;
  const { count, paths } = value;
  return typeof count === 'number' && (paths === null || areTexts(paths));
}

function isPlace(value: unknown): value is WrittenPlace {
  if (!isRecord(value)) return false;
  const { kind, path, folder } = value;
  if (kind === 'path') return typeof path === 'string' && (folder === null || typeof folder === 'string');
  return kind === 'far' && isFarPlace(value);
}

function isFarPlace({ service, marks, parts, folds, host }: Partial<Record<keyof FarPlace, unknown>>): boolean {
  const marked =
    Array.isArray(marks) &&
    marks.every((mark) => isRecord(mark) && typeof mark['value'] === 'string' && typeof mark['known'] === 'boolean');
  const hosted = host === 'cloud' || host === 'server';
  return typeof service === 'string' && marked && areTexts(parts) && typeof folds === 'boolean' && hosted;
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
