import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { activeLine } from '../../src/state/active-log.ts';
import { credentialManifest, taskManifest } from '../helper/manifest.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { endProcesses } from './witness.ts';

/** Tasks, their files, and a cloud, over which one daemon after the other works and dies. */
export interface World {
  readonly path: string;
  readonly tasks: string;
  readonly state: string;
  /** A line for each script and transfer that was really started. */
  readonly witness: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Content of each file that was ever given to the MOVE task, by name. */
  readonly moved: ReadonlyMap<string, Buffer>;
  readonly moveSource: string;
  readonly moveDestination: string;
  /** Gives every task something to do. */
  feed(): Promise<void>;
  /** Changes one manifest, as an editor does: by a rename. */
  edit(): Promise<void>;
  /** Makes most of the log of the active set void, so that the next change writes it anew. */
  voidActive(): Promise<void>;
  /** Leaves a line for each task in the log of the active set, so that the next change is added to it. */
  tidyActive(): Promise<void>;
  /** As if it had been lost, so that the next run that succeeds writes it. */
  forgetVerifications(): Promise<void>;
  /** Ends what runs have left, and removes everything. */
  close(): Promise<void>;
}

/** The second one transfers, and the last one prepares itself, for longer than it takes to start the next daemon. */
export const taskNames = ['copied', 'synced', 'moved', 'prepared'] as const;
type TaskName = (typeof taskNames)[number];

const particulars: Readonly<Record<TaskName, (witness: string) => object>> = {
  copied: (witness) => ({ preScript: script(witness, 0.2) }),
  synced: () => ({ transferMode: 'SYNC', bandwidthLimit: '2k' }),
  moved: () => ({ transferMode: 'MOVE' }),
  prepared: (witness) => ({ preScript: script(witness, 8) }),
};

function script(witness: string, seconds: number): string {
  return `${tell(witness, 'script')}\nsleep ${seconds}\n`;
}

/** Slow enough to be met in mid-transfer: each file takes about half a second. */
const fileBytes = 24 * 1024;
const spec = {
  schedule: { cron: '* * * * * *', deadline: '4s' },
  bandwidthLimit: '48k',
  history: { successful: 1000, failed: 1000 },
};

export async function openWorld(): Promise<World> {
  const directory = await temporaryDirectory();
  const cloud = await openCloud(directory.path);
  const witness = directory.at('witness');
  const moveSource = directory.at('local', 'moved');
  const moved = new Map<string, Buffer>();
  const active = directory.at('state', 'active.ndjson');
  let round = 0;

  async function write(name: TaskName): Promise<void> {
    const changing = { ...particulars[name](witness), description: `Round ${round}` };
    const manifest = taskManifest(name, { ...spec, ...changing });
    const path = directory.at('tasks.d', `${name}.yaml`);
    await directory.write(`tasks.d/.${name}.new`, stringify(manifest));
    await rename(directory.at('tasks.d', `.${name}.new`), path);
  }

  const { PATH = '', CLOUDSYNC_RCLONE = 'rclone' } = process.env;
  const rclone = await directory.write('rclone', wrapper(witness, CLOUDSYNC_RCLONE));
  await chmod(rclone, 0o755);
  await directory.write(
    'tasks.d/here.yaml',
    stringify(credentialManifest('here', { provider: 'local', options: { root: cloud } })),
  );
  for (const name of taskNames) await write(name);
  return {
    path: directory.path,
    tasks: directory.at('tasks.d'),
    state: directory.at('state'),
    ...{ witness, moved, moveSource, moveDestination: join(cloud, 'moved') },
    environment: {
      PATH,
      HOME: directory.path,
      STATE_DIRECTORY: directory.at('state'),
      TZ: 'UTC',
      CLOUDSYNC_RCLONE: rclone,
    },
    async feed() {
      round += 1;
      await directory.write('local/copied/letter.bin', randomBytes(fileBytes));
      await directory.write('local/prepared/letter.bin', randomBytes(fileBytes));
      await directory.write(`local/synced/${round % 3}.bin`, randomBytes(fileBytes));
      const waiting = await readdir(moveSource).catch(() => []);
      if (waiting.length > 2) return;
      const name = `${round}.bin`;
      moved.set(name, randomBytes(fileBytes));
      // In one step: half a file is nothing that the task may take away.
      await directory.write('local/new.bin', moved.get(name) ?? '');
      await directory.write('local/moved/.keep', '');
      await rename(directory.at('local', 'new.bin'), join(moveSource, name));
    },
    async edit() {
      await write(taskNames[round % taskNames.length] ?? 'copied');
    },
    async voidActive() {
      const log = await readFile(active, 'utf8').catch(() => '');
      // A line that was cut off has that effect by itself.
      if (log.endsWith('\n'))
        await appendFile(active, activeLine({ type: 'remove', name: 'gone' }).repeat(taskNames.length));
    },
    async tidyActive() {
      const log = await readFile(active, 'utf8').catch(() => '');
      // One that was cut off is for the daemon to find.
      if (!log.endsWith('\n')) return;
      const last = new Map(log.match(/^\{"type":"set".+\n/gm)?.map((line) => [JSON.parse(line).task.name, line]));
      await writeFile(active, [...last.values()].join(''));
    },
    forgetVerifications: () => rm(directory.at('state', 'verifications.json'), { force: true }),
    async close() {
      await endProcesses(witness);
      await rm(cloud, { recursive: true, force: true });
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** On another file system, where there is one: on its own, rclone would move files by renaming them. */
async function openCloud(directory: string): Promise<string> {
  const memory = '/dev/shm';
  return mkdtemp(existsSync(memory) ? join(memory, 'cloudsync-') : join(directory, 'cloud-'));
}

/** Tells of each transfer, and then is rclone: the process stays the same. */
function wrapper(witness: string, rclone: string): string {
  const cases = `*" --dry-run "*) ;; " copy "*|" sync "*|" move "*) ${tell(witness, 'transfer')};;`;
  return `#!/bin/sh\ncase " $* " in ${cases} esac\nexec "${rclone}" "$@"\n`;
}

function tell(witness: string, kind: string): string {
  return `echo "${kind} $$ $CLOUD_SYNC_RUN_ID" >>"${witness}"`;
}
