import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import { parseSavedPlan, type SavedPlan } from '../plan/saved-plan.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** A plan from a file that a command line names. */
export async function readSavedPlan(name: string, { workingDirectory }: Shell): Promise<Result<SavedPlan, Failure>> {
  const text = await readFile(resolve(workingDirectory, name), 'utf8').then(
    (content) => ok(content),
    (error: unknown) => err(`cannot be read: ${systemWords(error)}`),
  );
  const saved = text.ok ? parseSavedPlan(text.value) : text;
  return saved.ok ? saved : err({ message: `${name} ${saved.error}`, exitCode: exitCodes.failed });
}
