import { join } from 'node:path';
import { type CheckCounts, type CheckRecord, checkMethods, checkVerdicts } from '../model/check.ts';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile, recordsOf } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** The last check of each task, by name. */
export async function readChecks(state: StateDirectory, onCorrupt: OnCorrupt): Promise<Map<string, CheckRecord>> {
  return (await readJsonFile(pathIn(state), recordsOf(isCheck), onCorrupt)) ?? new Map();
}

/** Durable once it resolves. The error is in the system's words. */
export function writeChecks(
  state: StateDirectory,
  checks: ReadonlyMap<string, CheckRecord>,
): Promise<Result<void, string>> {
  return writeDurably(pathIn(state), `${JSON.stringify(Object.fromEntries(checks))}\n`);
}

function pathIn(state: StateDirectory): string {
  return join(state.path, 'checks.json');
}

function isCheck(value: unknown): value is CheckRecord {
  if (!isRecord(value)) return false;
  const { verdict, startedAt, finishedAt, counts, method, message, files } = value;
  return (
    checkVerdicts.some((known) => known === verdict) &&
    checkMethods.some((known) => known === method) &&
    typeof startedAt === 'number' &&
    typeof finishedAt === 'number' &&
    typeof message === 'string' &&
    Array.isArray(files) &&
    isCounts(counts)
  );
}

function isCounts(value: unknown): value is CheckCounts {
  if (!isRecord(value)) return false;
  const { equal, differing, missing, extra, errors } = value;
  return [equal, differing, missing, extra, errors].every((count) => Number.isInteger(count));
}
