import { readFile } from 'node:fs/promises';
import { type MountTable, parseMounts } from '../mount-table.ts';

const source = '/proc/self/mountinfo';

/** What is mounted now; `null` where the system does not say. */
export async function readMounts(): Promise<MountTable | null> {
  const text = await readFile(source, 'utf8').catch(() => '');
  const table = parseMounts(text);
  return table.root === null ? null : table;
}
