import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ActiveTask } from '../model/active.ts';
import { err, ok, type Result } from '../model/result.ts';
import { specHash } from '../model/spec-hash.ts';
import { errorCode, systemWords } from '../model/system-error.ts';
import { syncDirectory, writeDurably } from './atomic-write.ts';
import { isRecord, type OnCorrupt, readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** What was last applied, by task name. A file that does not hold what it says is left out, and set aside. */
export async function readActiveSet(state: StateDirectory, onCorrupt: OnCorrupt): Promise<Map<string, ActiveTask>> {
  const tasks = new Map<string, ActiveTask>();
  const names = await readdir(state.active).catch(noneIfMissing);
  for (const file of names.filter((name) => /^[^.].*\.json$/.test(name)).sort()) {
    const name = basename(file, '.json');
    const task = await readJsonFile(join(state.active, file), (value) => parseActive(value, name), onCorrupt);
    if (task !== null) tasks.set(name, task);
  }
  return tasks;
}

/** Durable once it resolves. The error is in the system's words. */
export function writeActive(state: StateDirectory, task: ActiveTask): Promise<Result<void, string>> {
  return writeDurably(activePath(state, task.name), `${JSON.stringify(task)}\n`);
}

/** Takes a task out of the active set, and keeps what it was in the archive under its name and the time. */
export async function removeActive(state: StateDirectory, name: string, at: number): Promise<Result<void, string>> {
  const time = new Date(at).toISOString().replaceAll(/[-:]/g, '');
  try {
    await rename(activePath(state, name), join(state.archive, `${name}-${time}.json`));
    await syncDirectory(state.archive);
    await syncDirectory(state.active);
    return ok(undefined);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? ok(undefined) : err(systemWords(error));
  }
}

function activePath(state: StateDirectory, name: string): string {
  return join(state.active, `${name}.json`);
}

function parseActive(value: unknown, name: string): ActiveTask | string {
  if (!isActiveTask(value)) return 'the content is not a task as it was applied';
  if (value.name !== name) return `the task in it is named ${JSON.stringify(value.name)}`;
  return specHash(value.spec, value.credential) === value.specHash ? value : 'the spec does not match its hash';
}

/** The hash proves that spec and credential are what was written, so only what it does not cover is looked into. */
function isActiveTask(value: unknown): value is ActiveTask {
  if (!isRecord(value)) return false;
  const { name, path, labels, spec, credential, generation, revision, appliedAt, scheduledSince } = value;
  return (
    typeof name === 'string' &&
    typeof path === 'string' &&
    isRecord(labels) &&
    isRecord(spec) &&
    (credential === null || isRecord(credential)) &&
    Number.isInteger(generation) &&
    (revision === null || typeof revision === 'string') &&
    typeof appliedAt === 'number' &&
    typeof scheduledSince === 'number'
  );
}

function noneIfMissing(error: unknown): readonly string[] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}
