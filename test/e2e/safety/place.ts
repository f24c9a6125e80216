import { mkdir } from 'node:fs/promises';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import type { Event } from '../../../src/model/event.ts';
import { type KeyPrint, type MemoryPen, noMemory, type TaskMemory } from '../../../src/model/memory.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import type { Ending } from '../../../src/run/ending.ts';
import { runTask } from '../../../src/run/run-task.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import type { TemporaryDirectory } from '../../helper/temporary-directory.ts';
import { order } from '../../run/book.ts';
import type { Heard } from '../../run/local-task.ts';
import { realTools } from '../../run/real-run.ts';

export interface TriedRun {
  readonly ending: Ending;
  readonly events: readonly Event[];
}

export interface Trial {
  readonly directory: TemporaryDirectory;
  readonly binary: string;
  /** Left out: a folder `far` on this disk. */
  readonly credential?: CredentialSpec;
  readonly environment?: NodeJS.ProcessEnv;
  readonly dryRun?: boolean;
  /** Of the encryption key, as an earlier run has left it. */
  readonly key?: KeyPrint | null;
  /** Gets what the run notes for later ones. */
  readonly notes?: Partial<TaskMemory>[];
  /** Called with each event of the run, while it goes on. */
  readonly react?: (event: Event, heard: Heard) => void;
}

/** Runs a task between the folder `source` and a far side, by the real rclone. */
export async function tryRun(part: Partial<TaskSpec>, trial: Trial): Promise<TriedRun> {
  const { directory, binary, environment = {}, dryRun = false, key = null, notes = [], react = () => {} } = trial;
  await mkdir(directory.at('source'), { recursive: true });
  await mkdir(directory.at('far'), { recursive: true });
  const heard = realTools(directory, { environment: { ...process.env, ...environment } }, binary);
  const task = resolvedTask('photos', {
    spec: taskSpec({
      paths: [directory.at('source')],
      remote: remoteLocation({ folder: '' }),
      retry: { limit: 0, backoffMs: 1000 },
      ...part,
    }),
    credential: trial.credential ?? credentialSpec({ options: { root: directory.at('far') } }),
  });
  const emit = (event: Event) => {
    heard.emit(event);
    react(event, heard);
  };
  const memory: MemoryPen = {
    async note(patch) {
      notes.push(patch);
      return { ok: true };
    },
    onSuccess: () => {},
  };
  const about = order('photos-1', { task, dryRun, memory: { ...noMemory, key } });
  const ending = await runTask(about, { ...heard, emit, memory });
  return { ending, events: heard.events };
}

export function changesOf({ events }: TriedRun): readonly string[] {
  return events.flatMap((event) => (event.type === 'RunChange' ? [`${event.change.action} ${event.change.path}`] : []));
}
