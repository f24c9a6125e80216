import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TaskHistory } from '../model/history.ts';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import { outcomes, type RunRecord } from '../model/run.ts';
import { writeDurably } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** The histories of these tasks, by name; one that never ran has none. A corrupt file is left out, and set aside. */
export async function readHistories(
  state: StateDirectory,
  names: Iterable<string> | 'all',
  onCorrupt: OnCorrupt,
): Promise<Map<string, TaskHistory>> {
  const histories = new Map<string, TaskHistory>();
  for (const name of names === 'all' ? await namesIn(state) : names) {
    const history = await readJsonFile(historyPath(state, name), parseHistory, onCorrupt);
    if (history !== null) histories.set(name, history);
  }
  return histories;
}

/** Durable once it resolves. The error is in the system's words. */
export function writeHistory(state: StateDirectory, name: string, history: TaskHistory): Promise<Result<void, string>> {
  return writeDurably(historyPath(state, name), `${JSON.stringify(history)}\n`);
}

async function namesIn(state: StateDirectory): Promise<readonly string[]> {
  const files = await readdir(state.history).catch(() => []);
  return files.filter((file) => /^[^.].*\.json$/.test(file)).map((file) => basename(file, '.json'));
}

function historyPath(state: StateDirectory, name: string): string {
  return join(state.history, `${name}.json`);
}

function parseHistory(value: unknown): TaskHistory | string {
  return isHistory(value) ? value : 'the content is not a history of runs';
}

function isHistory(value: unknown): value is TaskHistory {
  if (!isRecord(value)) return false;
  const { runs, lastRun, lastSuccess, consecutiveFailures, missed, lastScheduled, owedSince } = value;
  return (
    Array.isArray(runs) &&
    runs.every(isRun) &&
    isRunOrNull(lastRun) &&
    isRunOrNull(lastSuccess) &&
    isCount(consecutiveFailures) &&
    isCount(missed) &&
    isTimeOrNull(lastScheduled) &&
    isTimeOrNull(owedSince)
  );
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isRunOrNull(value: unknown): value is RunRecord | null {
  return value === null || isRun(value);
}

function isRun(value: unknown): value is RunRecord {
  if (!isRecord(value)) return false;
  const { id, outcome, startedAt, finishedAt, stats, warnings } = value;
  return (
    typeof id === 'string' &&
    outcomes.some((known) => known === outcome) &&
    typeof startedAt === 'number' &&
    typeof finishedAt === 'number' &&
    isRecord(stats) &&
    Array.isArray(warnings)
  );
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}
