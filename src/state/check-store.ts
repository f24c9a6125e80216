import { join } from 'node:path';
import {
  type CheckCounts,
  type CheckRecord,
  checkMethods,
  checkVerdicts,
  noCounts,
  noneEqual,
} from '../model/check.ts';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile, recordsOf } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** The last check of each task, by name. */
export async function readChecks(state: StateDirectory, onCorrupt: OnCorrupt): Promise<Map<string, CheckRecord>> {
  const read = (await readJsonFile(pathIn(state), recordsOf(isCheck), onCorrupt)) ?? new Map<string, WrittenCheck>();
  return new Map([...read].map(([task, check]) => [task, completed(check)]));
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

/** An earlier version wrote less. */
type WrittenCheck = Omit<CheckRecord, Later | 'counts'> & Partial<Pick<CheckRecord, Later>> & { counts: WrittenCounts };
type Later = 'specHash' | 'run' | 'equalBy' | 'warnings' | 'sample';
type WrittenCounts = Pick<CheckCounts, 'equal' | 'differing' | 'missing' | 'extra' | 'errors'> & Partial<CheckCounts>;

/** Of what it was not written for, it says nothing: without a hash of the spec it is of no version of the task. */
function completed(check: WrittenCheck): CheckRecord {
  const { specHash = null, run = null, warnings = [], sample = null, counts, method } = check;
  const equalBy = check.equalBy ?? { ...noneEqual, [method]: counts.equal };
  return { ...check, specHash, run, equalBy, warnings, sample, counts: { ...noCounts, ...counts } };
}

function isCheck(value: unknown): value is WrittenCheck {
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

function isCounts(value: unknown): value is WrittenCounts {
  if (!isRecord(value)) return false;
  const { equal, differing, missing, extra, errors } = value;
  return [equal, differing, missing, extra, errors].every((count) => Number.isInteger(count));
}
