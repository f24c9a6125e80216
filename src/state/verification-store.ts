import { join } from 'node:path';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import type { Verification } from '../model/verification.ts';
import { writeAtomically } from './atomic-write.ts';
import { type OnCorrupt, readJsonFile, recordsOf } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** What remotes said last to each credential, by name. */
export async function readVerifications(
  state: StateDirectory,
  onCorrupt: OnCorrupt,
): Promise<Map<string, Verification>> {
  return (await readJsonFile(pathIn(state), recordsOf(isVerification), onCorrupt)) ?? new Map();
}

/** Not worth a sync of the disk: what is lost is asked again. The error is in the system's words. */
export function writeVerifications(
  state: StateDirectory,
  verifications: ReadonlyMap<string, Verification>,
): Promise<Result<void, string>> {
  return writeAtomically(pathIn(state), `${JSON.stringify(Object.fromEntries(verifications))}\n`, 0o600);
}

function pathIn(state: StateDirectory): string {
  return join(state.path, 'verifications.json');
}

function isVerification(value: unknown): value is Verification {
  if (!isRecord(value)) return false;
  const { outcome, at, acceptedAt, message } = value;
  return (
    ['Accepted', 'AuthExpired', 'Failed'].includes(String(outcome)) &&
    typeof at === 'number' &&
    (acceptedAt === null || typeof acceptedAt === 'number') &&
    typeof message === 'string'
  );
}
