import { checkRemains, checkRestart, type Damage, damages, type Finding } from './checks.ts';
import { type Remains, readRemains } from './evidence.ts';
import { type Fault, faultName, faults, randomNumbers } from './fault.ts';
import { type Death, liveUntil } from './life.ts';
import { openWorld, type World } from './world.ts';

/** What became of one kind of kill. */
export interface FaultReport {
  readonly fault: string;
  /** Kills exactly there. */
  readonly tried: number;
  /** The daemon did not come by there in time, and was killed wherever it was. */
  readonly elsewhere: number;
  readonly damage: Readonly<Record<Damage, number>>;
  /** What was damaged, in words. */
  readonly details: readonly string[];
}

export interface KillOptions {
  readonly count: number;
  readonly seed: number;
  /** Directories that are worked on at the same time. */
  readonly worlds: number;
  /** Aborted, no more daemons are started, and what was found by then is told. */
  readonly signal?: AbortSignal;
  readonly onKill?: (done: number) => void;
}

/** After so many deaths a world is given up for a new one: histories and logs grow. */
const killsPerWorld = 60;

/**
 * Kills daemons, `count` altogether, each at the next of all faults; looks at what is left, and at what the next daemon
 * over the same directory makes of it.
 */
export async function tortureDaemon({
  count,
  seed,
  worlds,
  signal,
  onKill,
}: KillOptions): Promise<readonly FaultReport[]> {
  const random = randomNumbers(seed);
  const reports = new Map<string, FaultReport>();
  let next = 0;
  let done = 0;
  let isBroken = false;
  const isOver = () => next >= count || isBroken || signal?.aborted === true;

  const add: Add = (fault, kill, found) => {
    const name = faultName(fault);
    const before = reports.get(name) ?? emptyReport(name);
    const damage = Object.fromEntries(
      damages.map((each) => [each, before.damage[each] + found.filter((one) => one.damage === each).length]),
    ) as Record<Damage, number>;
    reports.set(name, {
      ...{ fault: name, damage },
      tried: before.tried + (kill === 'reached' ? 1 : 0),
      elsewhere: before.elsewhere + (kill === 'elsewhere' ? 1 : 0),
      details: [...before.details, ...found.map((each) => `${each.damage}: ${each.detail}`)],
    });
  };

  async function work(): Promise<void> {
    while (!isOver()) {
      const world = await openWorld();
      try {
        await workIn(world);
      } catch (error) {
        isBroken = true;
        throw error;
      } finally {
        await world.close();
      }
    }
  }

  async function workIn(world: World): Promise<void> {
    const graveyard = createGraveyard(world, add);
    for (let kills = 0; kills < killsPerWorld && !isOver(); kills += 1) {
      const index = next;
      next += 1;
      await graveyard.kill(deathOf(index, random));
      done += 1;
      onKill?.(done);
    }
    await graveyard.close();
  }

  // Each world is closed before the first failure is thrown: none is to leave its processes behind.
  const ends = await Promise.allSettled(Array.from({ length: worlds }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return faults.flatMap((fault) => reports.get(faultName(fault)) ?? []);
}

interface Graveyard {
  kill(death: Death): Promise<void>;
  /** Looks at what the last death has left. */
  close(): Promise<void>;
}

type Add = (fault: Fault, kill: 'reached' | 'elsewhere' | 'none', found: readonly Finding[]) => void;

/** One daemon after the other in the same world. What a restart shows counts for the kill before it. */
function createGraveyard(world: World, add: Add): Graveyard {
  const lives: number[] = [];
  /** What stays damaged is found again after each restart; it counts once. */
  const known = new Set<string>();
  let last: { readonly fault: Fault; readonly remains: Remains } | null = null;

  function news(found: readonly Finding[]): readonly Finding[] {
    const fresh = found.filter(({ detail }) => !known.has(detail));
    for (const { detail } of fresh) known.add(detail);
    return fresh;
  }

  /** So that the daemon comes by the fault. */
  async function prepare(fault: Fault): Promise<void> {
    if (fault.kind !== 'failpoint') return;
    if (fault.target === 'verification') await world.forgetVerifications();
    if (fault.target === 'new active') await world.voidActive();
    if (fault.target === 'active') await world.tidyActive();
  }

  async function live(death: Death): Promise<boolean> {
    const { fault, armed } = death;
    const before = last;
    await world.feed();
    if (armed === 'start') await world.edit();
    await prepare(fault);
    const { reached } = await liveUntil(world, death, {
      async serving(daemon) {
        lives.push(daemon.startedAt);
        const found = before === null ? [] : await checkRestart(world, before.remains, lives, daemon);
        // Of a daemon that died meanwhile nothing can be said; the next one is looked at for the same.
        if (before !== null && daemon.isAlive()) add(before.fault, 'none', news(found));
      },
      async armed() {
        if (armed === 'signal') await world.edit();
      },
    });
    return reached;
  }

  return {
    async kill(death) {
      const reached = await live(death);
      const remains = await readRemains(world);
      const found = await checkRemains(world, remains, last?.remains.active ?? new Map());
      last = { fault: death.fault, remains };
      add(death.fault, reached ? 'reached' : 'elsewhere', news(found));
    },
    async close() {
      await live({ fault: { kind: 'moment', since: 'serving' }, count: 1, armed: 'signal', afterMs: 0 });
    },
  };
}

/** All faults in turn; every other round already while the daemon recovers, and with the rounds at later calls. */
function deathOf(index: number, random: () => number): Death {
  const round = Math.floor(index / faults.length);
  const fault = faults[index % faults.length];
  if (fault === undefined) throw new Error('There are no faults');
  const [target, isMoment] = fault.kind === 'failpoint' ? [fault.target, false] : ['', true];
  const atStartOnly = startOnly.has(target);
  return {
    fault,
    count: manyTimes.has(target) ? 1 + (Math.floor(round / 2) % 3) : 1,
    armed: atStartOnly || round % 2 === 1 ? 'start' : 'signal',
    afterMs: Math.floor(random() * (isMoment && round % 2 === 1 ? 600 : 1200)),
  };
}

/** Happens when a daemon starts: rclone is asked for its version, and what the journal has unfinished is written anew. */
const startOnly = new Set(['question', 'state folder', 'new journal']);
/** Happens more than once in a life. */
const manyTimes = new Set(['journal', 'history', 'history folder', 'status', 'transfer']);

function emptyReport(fault: string): FaultReport {
  return { fault, tried: 0, elsewhere: 0, damage: { lost: 0, duplicated: 0, corrupted: 0, leaked: 0 }, details: [] };
}
