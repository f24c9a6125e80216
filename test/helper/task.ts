import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cloudsync, openCloudsync } from './cloudsync.ts';
import { eventually } from './eventually.ts';
import { writeTree } from './file-tree.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from './manifest.ts';
import { type RcloneStep, scriptedRclone } from './scripted-rclone.ts';

export function addCredential(cloudsync: Cloudsync): Promise<string> {
  return cloudsync.manifest('here.yaml', credentialManifest());
}

/** A manifest and the files that it is about. */
export async function addTask(
  cloudsync: Cloudsync,
  name: string,
  spec: WrittenSpec = {},
  files: Readonly<Record<string, string>> = { 'letter.txt': `a letter of ${name}\n` },
): Promise<void> {
  await writeTree(cloudsync.directory.at('local', name), files);
  await cloudsync.manifest(`${name}.yaml`, taskManifest(name, spec));
}

/** With one task, `photos`. */
export async function openWithTask(...parts: [WrittenSpec?, Readonly<Record<string, string>>?]): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  await addTask(cloudsync, 'photos', ...parts);
  return cloudsync;
}

export const ready = 'the stand-in is ready';
export const sayReady: RcloneStep = { print: `${JSON.stringify({ level: 'notice', msg: ready })}\n` };

/** From now on rclone does what the script says. */
export async function useScript(cloudsync: Cloudsync, ...steps: readonly RcloneStep[]): Promise<void> {
  Object.assign(cloudsync.environment, { CLOUDSYNC_RCLONE: await scriptedRclone(cloudsync.directory, { steps }) });
}

/** An rclone that has said that it is ready, and then goes on until it gets SIGUSR2. */
export function usePatientRclone(cloudsync: Cloudsync): Promise<void> {
  return useScript(cloudsync, sayReady, { waitFor: 'SIGUSR2' });
}

/** The process of the run that was spawned last, as the journal has it. */
export function rclonePid(cloudsync: Cloudsync): Promise<number> {
  return eventually('the journal names a process', async () => {
    const text = await readFile(join(cloudsync.state, 'journal.ndjson'), 'utf8').catch(() => '');
    const spawned = text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { process?: { pid: number } }]))
      .flatMap(({ process }) => process ?? []);
    return spawned.at(-1)?.pid ?? null;
  });
}

/** A JSON file, once it is there and as wanted. */
export function jsonFile<T>(path: string, wanted: (value: T) => boolean = () => true): Promise<T> {
  return eventually(path, async () => {
    const text = await readFile(path, 'utf8').catch(() => null);
    const value = text === null ? null : (JSON.parse(text) as T);
    return value !== null && wanted(value) ? value : null;
  });
}
