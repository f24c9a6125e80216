import { join } from 'node:path';
import { isRecord } from '../model/json-text.ts';
import type { Deletions, KeyPrint, LeftProbe, ShownApart, SuccessFacts, TaskMemory } from '../model/memory.ts';
import type { Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** The memory of a task; `null` where there is none. A corrupt file is set aside. */
export function readMemory(state: StateDirectory, task: string, onCorrupt: OnCorrupt): Promise<TaskMemory | null> {
  return readJsonFile(memoryPath(state, task), parseMemory, onCorrupt);
}

/** Durable once it resolves. The error is in the system's words. */
export function writeMemory(state: StateDirectory, task: string, memory: TaskMemory): Promise<Result<void, string>> {
  return writeDurably(memoryPath(state, task), `${JSON.stringify(memory)}\n`);
}

function memoryPath(state: StateDirectory, task: string): string {
  return join(state.memory, `${task}.json`);
}

function parseMemory(value: unknown): TaskMemory | string {
  if (!isRecord(value)) return 'the content is not the memory of a task';
  const { success = null, deletions = null, key = null, apart = null, probe = null } = value;
  if (success !== null && !isSuccessFacts(success)) return 'the facts of the last success are not readable';
  if (deletions !== null && !isDeletions(deletions)) return 'the deletions since the last success are not readable';
  if (key !== null && !isKeyPrint(key)) return 'the fingerprint of the key is not readable';
  if (apart !== null && !isShownApart(apart)) return 'what was shown of the two sides is not readable';
  if (probe !== null && !isProbe(probe)) return 'what a run has left of a probe is not readable';
  return { success, deletions, key, apart, probe };
}

function isKeyPrint(value: unknown): value is KeyPrint {
  if (!isRecord(value)) return false;
  const { place, salt, hash } = value;
  return [place, salt, hash].every((part) => typeof part === 'string');
}

function isShownApart(value: unknown): value is ShownApart {
  if (!isRecord(value)) return false;
  const { specHash, machine } = value;
  return typeof specHash === 'string' && typeof machine === 'string';
}

/** The file of this name is deleted, so it must be one of ours. */
function isProbe(value: unknown): value is LeftProbe {
  if (!isRecord(value)) return false;
  const { name, specHash, side, folders } = value;
  const isOurs = typeof name === 'string' && /^cloudsync-probe-[\da-f]{32}\.tmp$/.test(name);
  const listed = Array.isArray(folders) && folders.every((folder) => typeof folder === 'string');
  return isOurs && typeof specHash === 'string' && (side === 'here' || side === 'far') && listed;
}

function isDeletions(value: unknown): value is Deletions {
  if (!isRecord(value)) return false;
  const { specHash, destinationFiles, paths, others, stoppedAtBound } = value;
  const counts = [destinationFiles, others].every((count) => typeof count === 'number');
  const digests = Array.isArray(paths) && paths.every((path) => typeof path === 'string');
  return typeof specHash === 'string' && counts && digests && typeof stoppedAtBound === 'boolean';
}

function isSuccessFacts(value: unknown): value is SuccessFacts {
  if (!isRecord(value)) return false;
  const { specHash, at, localKinds = {}, sourceFiles = 0, fileSystems = {} } = value;
  const kinds =
    isRecord(localKinds) && Object.values(localKinds).every((kind) => kind === 'file' || kind === 'directory');
  const systems = isRecord(fileSystems) && Object.values(fileSystems).every(isFileSystem);
  return typeof specHash === 'string' && typeof at === 'number' && kinds && systems && typeof sourceFiles === 'number';
}

function isFileSystem(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, uuid, id = null, point = '' } = value;
  const ids = [uuid, id].every((each) => each === null || typeof each === 'string');
  return typeof name === 'string' && ids && typeof point === 'string';
}
