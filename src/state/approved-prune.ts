import { join } from 'node:path';
import { isRecord } from '../model/json-text.ts';
import type { Result } from '../model/result.ts';
import { writeDurably } from './atomic-write.ts';
import { readJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

/** The hash of the deletes that someone has released; `null` if nobody has. It releases nothing but these. */
export async function readApprovedPrune(state: StateDirectory): Promise<string | null> {
  const approval = await readJsonFile(approvalPath(state), parseApproval, 'leave');
  return approval?.hash ?? null;
}

/** Written in place of an approval that was used, or whose refusal is gone. */
export const noApproval = '';

export function isApproval(hash: string | null): hash is string {
  return hash !== null && hash !== noApproval;
}

/** Durable once it resolves. The error is in the system's words. */
export function writeApprovedPrune(state: StateDirectory, hash: string): Promise<Result<void, string>> {
  return writeDurably(approvalPath(state), `${JSON.stringify({ hash })}\n`);
}

function approvalPath(state: StateDirectory): string {
  return join(state.path, 'approved-prune.json');
}

function parseApproval(value: unknown): { readonly hash: string } | string {
  if (!isRecord(value)) return 'the content is not an object';
  const { hash } = value;
  return typeof hash === 'string' ? { hash } : 'there is no hash in it';
}
