import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ActiveSet } from '../../src/model/active.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { eventually } from '../helper/eventually.ts';
import { activeSet } from '../state/active-set.ts';
import { historiesOf, type Remains, runIdsIn, startsByLog } from './evidence.ts';
import type { LivingDaemon } from './life.ts';
import { isAtWork } from './witness.ts';
import { taskNames, type World } from './world.ts';

export const damages = ['lost', 'duplicated', 'corrupted', 'leaked'] as const;
export type Damage = (typeof damages)[number];

export interface Finding {
  readonly damage: Damage;
  readonly detail: string;
}

/**
 * What must be so of what was found at the moment of the death, before anybody mends it. `before`: what was active at
 * the death before.
 */
export async function checkRemains(world: World, remains: Remains, before: ActiveSet): Promise<readonly Finding[]> {
  const validate = await statusValidator();
  const findings: Finding[] = remains.badLines.map((detail) => finding('corrupted', detail));
  for (const [name, { generation }] of before) {
    const now = remains.active.get(name)?.generation ?? 0;
    if (now < generation) findings.push(finding('lost', `generation ${generation} of ${name}: ${now} is active`));
  }
  for (const name of taskNames) {
    const text = await readStatus(world, name);
    if (text !== '' && !isSound(text, validate))
      findings.push({ damage: 'corrupted', detail: `status of ${name} after the kill` });
  }
  return findings;
}

/** What must be so once the next daemon serves. `lives`: when each daemon that came to serve was started. */
export async function checkRestart(
  world: World,
  remains: Remains,
  lives: readonly number[],
  daemon: LivingDaemon,
): Promise<readonly Finding[]> {
  return [
    ...checkProcesses(remains),
    ...(await checkRuns(world, remains)),
    ...(await checkCatchUps(world, lives)),
    ...(await checkLeftovers(world, daemon)),
    ...(await checkActive(world)),
    ...(await checkMoved(world)),
    ...(await checkStatuses(world, daemon)),
  ];
}

function checkProcesses({ sightings }: Remains): readonly Finding[] {
  return sightings
    .filter(isAtWork)
    .map(({ kind, pid, runId }) => ({ damage: 'leaked', detail: `${kind} ${pid} of ${runId} works on` }));
}

async function checkRuns(world: World, { runIds, unfinished, sightings }: Remains): Promise<readonly Finding[]> {
  const histories = await historiesOf(world);
  const entered = runIdsIn(histories);
  const outcomes = new Map([...histories.values()].flatMap(({ runs }) => runs.map(({ id, outcome }) => [id, outcome])));
  const started = sightings.filter(({ kind }) => kind === 'transfer').map(({ runId }) => runId);
  const logged = [...(await startsByLog(world))].filter(([, count]) => count > 1).map(([runId]) => runId);
  return [
    ...[...runIds]
      .filter((runId) => !outcomes.has(runId))
      .map((runId) => finding('lost', `run ${runId} is not in the history`)),
    ...unfinished
      .filter(({ runId }) => outcomes.has(runId) && outcomes.get(runId) !== 'Interrupted')
      .map(({ runId }) => finding('lost', `the interruption of ${runId}: ${outcomes.get(runId)}`)),
    ...repeated(entered).map((runId) => finding('duplicated', `run ${runId} is in the history twice`)),
    ...repeated(started).map((runId) => finding('duplicated', `run ${runId} started rclone twice`)),
    ...logged.map((runId) => finding('duplicated', `run ${runId} started twice by its log`)),
  ];
}

/** One run at most makes up for what came due before a start. */
async function checkCatchUps(world: World, lives: readonly number[]): Promise<readonly Finding[]> {
  const late = [...(await historiesOf(world))].flatMap(([name, { runs }]) =>
    runs.flatMap(({ trigger, startedAt, scheduledFor }) => {
      const life = lives.findLast((start) => start <= startedAt) ?? 0;
      return trigger === 'catchup' && (scheduledFor ?? life) < life ? [`${name} after the start at ${life}`] : [];
    }),
  );
  return repeated(late).map((name) => finding('duplicated', `${name} was caught up twice`));
}

/** How often it is looked whether what is removed at the start is gone: while statuses are written it is still there. */
const looks = 100;
const lookPauseMs = 30;

async function checkLeftovers(world: World, daemon: LivingDaemon): Promise<readonly Finding[]> {
  let left = await leftovers(world, daemon);
  for (let look = 0; left.length > 0 && daemon.isAlive() && look < looks; look += 1) {
    await pause(lookPauseMs);
    left = await leftovers(world, daemon);
  }
  return left.map((name) => finding(name.endsWith('.corrupt') ? 'corrupted' : 'leaked', `left behind: ${name}`));
}

/** Temporary files of daemons before this one, and what a daemon has set aside as corrupt. */
async function leftovers(world: World, { pid, startedAt }: LivingDaemon): Promise<readonly string[]> {
  const found: string[] = [];
  const places = [world.tasks, world.state];
  const names = await Promise.all(places.map((place) => readdir(place, { recursive: true })));
  for (const [place, name] of names.flatMap((some, index) =>
    some.map((each) => [places[index] ?? '', each] as const),
  )) {
    const isTemporary = /\.\d+\.[0-9a-f]{12}\.tmp$/.test(name) && !name.includes(`.${pid}.`);
    if (isTemporary || name.endsWith('.corrupt')) found.push(name);
    if (!name.startsWith('scripts/')) continue;
    const stats = await stat(join(place, name)).catch(() => null);
    if (stats !== null && stats.mtimeMs < startedAt) found.push(name);
  }
  return found;
}

async function checkActive(world: World): Promise<readonly Finding[]> {
  const active = await activeSet(stateDirectory(world.state));
  return taskNames
    .filter((name) => !active.has(name))
    .map((name) => finding('corrupted', `${name} is not in the active set`));
}

/** Each file is whole where it was, or whole where it was to go. */
async function checkMoved(world: World): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, content] of world.moved) {
    // In the order in which it wanders, so that one that moves on meanwhile is met.
    const isThere = await holds(join(world.moveSource, name), content);
    if (!isThere && !(await holds(join(world.moveDestination, name), content)))
      findings.push(finding('lost', `file ${name} of the MOVE task`));
  }
  return findings;
}

/** Each status says what the history says, as soon as it is written. */
async function checkStatuses(world: World, daemon: LivingDaemon): Promise<readonly Finding[]> {
  const validate = await statusValidator();
  const findings: Finding[] = [];
  for (const name of taskNames) {
    const agrees = eventually(`the status of ${name}`, async () => {
      if (!daemon.isAlive()) return false;
      const last = (await historiesOf(world)).get(name)?.lastRun?.id ?? null;
      const text = await readStatus(world, name);
      return isSound(text, validate) && lastRunIn(text) === last ? true : null;
    });
    if (!(await agrees.catch(() => false)))
      findings.push(finding('corrupted', `status of ${name} does not say what the history says`));
  }
  return findings;
}

let validator: Promise<(value: unknown) => boolean> | null = null;

function statusValidator(): Promise<(value: unknown) => boolean> {
  validator ??= readFile('schema/status.schema.json', 'utf8').then((text) => new Ajv2020().compile(JSON.parse(text)));
  return validator;
}

function readStatus(world: World, name: string): Promise<string> {
  return readFile(join(world.tasks, `${name}.status.json`), 'utf8').catch(() => '');
}

function isSound(text: string, validate: (value: unknown) => boolean): boolean {
  try {
    return validate(JSON.parse(text));
  } catch {
    return false;
  }
}

function lastRunIn(text: string): string | null {
  const file: { readonly status: { readonly lastRun: { readonly id: string } | null } } = JSON.parse(text);
  return file.status.lastRun?.id ?? null;
}

async function holds(path: string, content: Buffer): Promise<boolean> {
  return (await readFile(path).catch(() => null))?.equals(content) === true;
}

function repeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const name of names) (seen.has(name) ? again : seen).add(name);
  return [...again];
}

function finding(damage: Damage, detail: string): Finding {
  return { damage, detail };
}
