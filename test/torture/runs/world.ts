import { mkdir } from 'node:fs/promises';
import { systemClock } from '../../../src/model/clock.ts';
import type { ResolvedTask } from '../../../src/model/desired.ts';
import type { Event } from '../../../src/model/event.ts';
import type { RunRecord } from '../../../src/model/run.ts';
import type { Direction, TransferMode } from '../../../src/model/task.ts';
import { openCutOffs } from '../../../src/run/cut-off/cut-offs.ts';
import { createLocks } from '../../../src/run/locks.ts';
import { createRunner } from '../../../src/run/runner.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { bookIn, memoriesIn } from '../../run/book.ts';
import { realTools } from '../../run/real-run.ts';
import { type TemporaryState, temporaryState } from '../../state/open-state.ts';
import { pick, type Random } from './random.ts';
import { encryptedSide, plainSide, type Side } from './side.ts';
import { randomTree } from './tree.ts';

/** What a task is like. */
export interface Wish {
  readonly direction: Direction;
  readonly transferMode: TransferMode;
  readonly encryption: 'none' | 'contents' | 'names';
  readonly backupFolder: string | null;
  readonly hasFilters: boolean;
}

/** A task with both its sides. */
export interface World extends AsyncDisposable {
  readonly directory: TemporaryState;
  readonly wish: Wish;
  readonly task: ResolvedTask;
  readonly random: Random;
  readonly source: Side;
  readonly destination: Side;
  /** Paths of the source that a fault changes during a run. */
  readonly touched: Set<string>;
  /** What a fault has last written to the source during the run: a digest by path. */
  readonly written: Map<string, string>;
  /** Of secrets; a fault may change it. */
  readonly environment: Record<string, string>;
  isWithin(path: string): boolean;
  /** What a dry run says, by path of the destination. */
  preview(): Promise<ReadonlySet<string>>;
  run(): Promise<RunRecord>;
  /** How many deletions the last run counted before the first. */
  rehearsedDeletes(): number;
  /** Of the rclone that transfers now; `null`: none does. */
  rclonePid(): number | null;
}

export const password = 'the right password';
export const wrongPassword = 'another password';
const taskName = 'photos';
const exclude = ['*.tmp', '/cache/**'];

export function randomWish(random: Random): Wish {
  return {
    direction: pick(random, ['PUSH', 'PULL'] as const),
    transferMode: pick(random, ['SYNC', 'COPY', 'MOVE'] as const),
    encryption: pick(random, ['none', 'none', 'contents', 'names'] as const),
    backupFolder: pick(random, [null, '.trash']),
    hasFilters: random() < 0.3,
  };
}

export async function openWorld(wish: Wish, random: Random): Promise<World> {
  const directory = await temporaryState();
  const here = plainSide(directory.at('here'));
  const there = farSide(wish, directory);
  for (const { root } of [here, there]) await mkdir(root, { recursive: true });
  const task = taskOf(wish, directory);
  const { PATH = '' } = process.env;
  const environment = { PATH, PASSWORD: password };
  const { book, journal } = await bookIn(directory.state);
  const memories = memoriesIn(directory.state);
  const { inspectBinary, confinement, findProvider, tasksDirectory } = realTools(directory);
  const shared = { inspectBinary, confinement, findProvider, tasksDirectory, environment, processName: 'this test' };
  const onError = (path: string, detail: string) => {
    throw new Error(`${path}: ${detail}`);
  };
  const cutOffs = await openCutOffs({ state: directory.state, onCorrupt: 'leave', onError, now: Date.now() });
  const tools = { ...shared, state: directory.state, cutOffs, clock: systemClock };
  const locks = createLocks();
  let rehearsedDeletes = 0;
  function hearRehearsal(event: Event): void {
    const counted = event.type === 'RunLog' ? /^rehearsal: .* (\d+) to delete/.exec(event.message)?.[1] : undefined;
    rehearsedDeletes = Math.max(rehearsedDeletes, Number(counted ?? 0));
  }
  const runner = createRunner({ book, locks, memories, tools, maxConcurrentRuns: 1, emit: hearRehearsal });
  const [source, destination] = wish.direction === 'PUSH' ? [here, there] : [there, here];
  await source.write(randomTree(random));

  return {
    directory,
    wish,
    task,
    random,
    source,
    destination,
    touched: new Set(),
    written: new Map(),
    environment,
    isWithin: (path) => !wish.hasFilters || !(path.endsWith('.tmp') || path.startsWith('cache/')),
    async preview() {
      const listed = new Set<string>();
      const emit = (event: Event) => {
        if (event.type === 'RunChange') listed.add(event.change.path);
      };
      const asked = { allowDeletes: null, memory: await memories.of(taskName) };
      await simulate(task, asked, { ...tools, emit, signal: new AbortController().signal });
      return listed;
    },
    rehearsedDeletes: () => rehearsedDeletes,
    async run() {
      rehearsedDeletes = 0;
      const started = runner.start({ task, trigger: 'manual', scheduledFor: null });
      if (started.kind !== 'started') throw new Error(`the run is ${started.kind}`);
      return started.finished;
    },
    rclonePid: () => runner.activeRun(taskName)?.pid ?? null,
    async [Symbol.asyncDispose]() {
      await runner.drain();
      await journal.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function farSide({ encryption }: Wish, directory: TemporaryState): Side {
  const root = directory.at('there', 'data');
  if (encryption === 'none') return plainSide(root);
  const keys = [password, wrongPassword].map((each) => ({ password: each, filenames: encryption === 'names' }));
  return encryptedSide(root, keys, directory);
}

function taskOf({ direction, transferMode, encryption, backupFolder, hasFilters }: Wish, directory: TemporaryState) {
  const plain = taskSpec();
  const spec = taskSpec({
    direction,
    transferMode,
    paths: [directory.at('here')],
    remote: remoteLocation({ folder: 'data' }),
    schedule: null,
    exclude: hasFilters ? exclude : [],
    encryption:
      encryption === 'none'
        ? null
        : { password: { fromEnv: 'PASSWORD' }, salt: null, filenames: encryption === 'names' },
    safety: { ...plain.safety, backupFolder },
    retry: { limit: 1, backoffMs: 50 },
  });
  return resolvedTask(taskName, { spec, credential: credentialSpec({ options: { root: directory.at('there') } }) });
}
