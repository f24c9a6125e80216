import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, jsonIn } from '../../model/json-text.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { systemWords } from '../../model/system-error.ts';
import { isSameProcess, processIdentity, processIdentityIn } from '../../state/process-identity.ts';

/**
 * A folder in the directory of a restore, on the same file system, in which rclone writes: what is cut off there never
 * has the name of a file that is complete.
 */
export interface Staging {
  /** Where rclone writes. */
  readonly files: string;
  remove(): Promise<void>;
}

const prefix = '.cloudsync-restore-';
const ownerFile = 'owner.json';

/** Makes the directory too. The error is a sentence. */
export async function openStaging(directory: string): Promise<Result<Staging, string>> {
  try {
    await mkdir(directory, { recursive: true });
    await removeAbandoned(directory);
    const folder = await mkdtemp(join(directory, prefix));
    await writeFile(join(folder, ownerFile), JSON.stringify(processIdentity), { flag: 'wx' });
    const files = join(folder, 'files');
    await mkdir(files);
    return ok({ files, remove: () => rm(folder, { recursive: true, force: true }) });
  } catch (error) {
    return err(`${directory} cannot be written to: ${systemWords(error)}`);
  }
}

/** Whether an entry of the directory is ours and not of the files that are there. */
export function isStaging(name: string): boolean {
  return name.startsWith(prefix);
}

/** A restore that was killed has left its folder; the files that were complete have their names already. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter(isStaging)) {
    const folder = join(directory, name);
    const owner = jsonIn(await readFile(join(folder, ownerFile), 'utf8').catch(() => ''));
    if (!isRecord(owner)) continue;
    const process = processIdentityIn(owner);
    if (process !== null && isSameProcess(process)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
