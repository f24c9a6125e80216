import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActiveSet } from '../../src/model/active.ts';
import type { TaskHistory } from '../../src/model/history.ts';
import { parseActiveLog } from '../../src/state/active-log.ts';
import { readHistories } from '../../src/state/history-store.ts';
import { parseJournal, type UnfinishedRun } from '../../src/state/journal-entry.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { readWitness, type Sighting } from './witness.ts';
import type { World } from './world.ts';

/** What a daemon has left when it died. */
export interface Remains {
  readonly at: number;
  readonly sightings: readonly Sighting[];
  /** Begun by the journal and without an end, nor is there one in the history. */
  readonly unfinished: readonly UnfinishedRun[];
  /** Every run that there is a trace of. */
  readonly runIds: ReadonlySet<string>;
  /** What is wrong in journal and active set. */
  readonly badLines: readonly string[];
  readonly active: ActiveSet;
}

export async function readRemains(world: World): Promise<Remains> {
  const sightings = await readWitness(world.witness);
  const journal = parseJournal(await readFile(join(world.state, 'journal.ndjson'), 'utf8').catch(() => ''));
  const entered = runIdsIn(await historiesOf(world));
  const unfinished = journal.unfinished.filter(({ runId }) => !entered.includes(runId));
  const logged = [...(await startsByLog(world)).keys()];
  const runIds = [...sightings, ...journal.unfinished].map(({ runId }) => runId);
  const active = parseActiveLog(await readFile(join(world.state, 'active.ndjson')).catch(() => Buffer.alloc(0)));
  const badLines = [
    ...journal.badLines.map((line) => `line ${line} of the journal`),
    ...active.faults.map(({ line, detail }) => `line ${line} of the active set: ${detail}`),
  ];
  return {
    ...{ at: Date.now(), sightings, unfinished, badLines, active: active.tasks },
    runIds: new Set([...runIds, ...entered, ...logged]),
  };
}

export function historiesOf(world: World): Promise<ReadonlyMap<string, TaskHistory>> {
  return readHistories(stateDirectory(world.state), 'all', 'leave');
}

export function runIdsIn(histories: ReadonlyMap<string, TaskHistory>): readonly string[] {
  return [...histories.values()].flatMap(({ runs }) => runs.map(({ id }) => id));
}

/** How many times each run says in its log that it starts. */
export async function startsByLog(world: World): Promise<ReadonlyMap<string, number>> {
  const starts = new Map<string, number>();
  const folder = join(world.state, 'runs');
  for (const file of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (!file.endsWith('.ndjson')) continue;
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    const count = text.split('"type":"RunStarted"').length - 1;
    const runId = file.replace(/^.*\//, '').replace(/\.ndjson$/, '');
    if (count > 0) starts.set(runId, count);
  }
  return starts;
}
