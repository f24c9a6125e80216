import { randomNumbers } from '../fault.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/registry.ts';
import { judge, type Observed, type Verdict } from './judge.ts';
import { between } from './random.ts';
import { liveOn } from './tree.ts';
import { openWorld, randomWish, type World } from './world.ts';

export interface RunsOptions {
  /** Stories: a world, a fault, and from 2 to 4 runs. */
  readonly count: number;
  /** The first story has this seed, the next one the next: a finding names the seed that repeats it. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onStory?: (done: number) => void;
}

export interface RunsReport {
  readonly fault: string;
  readonly tried: number;
  readonly lost: number;
  readonly falseSuccess: number;
  readonly unlisted: number;
  /** What was found, with the seed of the story. */
  readonly details: readonly string[];
}

interface Finding {
  readonly fault: string;
  /** `null`: the machine does not permit the fault. */
  readonly verdicts: readonly (Verdict & { readonly about: string })[] | null;
}

/** Lets random tasks run into faults, and counts the runs that lose data or claim what is not so. */
export async function tortureRuns({ count, seed, signal, onStory }: RunsOptions): Promise<readonly RunsReport[]> {
  const findings: Finding[] = [];
  for (let index = 0; index < count && signal?.aborted !== true; index += 1) {
    findings.push(await story(seed + index));
    onStory?.(index + 1);
  }
  return faults.map((fault) => reportOf(fault, findings));
}

/** Each seed has its fault, so that a story is repeated by `--count 1 --seed N`. */
async function story(seed: number): Promise<Finding> {
  const fault = faults[seed % faults.length] as Fault;
  const random = randomNumbers(seed);
  const wish = { ...randomWish(random), ...fault.wish };
  await using world = await openWorld(wish, random);
  if ((await fault.prepare?.(world)) === false) return { fault: fault.name, verdicts: null };
  try {
    const runs = between(random, 2, 4);
    const faultAt = between(random, 1, runs);
    const verdicts: (Verdict & { about: string })[] = [];
    for (let run = 1; run <= runs; run += 1) {
      if (run > 1) await liveOn(world.source, random);
      const { verdict, outcome } = await oneRun(world, run >= faultAt ? fault : {});
      const { direction, transferMode, encryption } = wish;
      const task = `${direction} ${transferMode}, encryption ${encryption}`;
      verdicts.push({ ...verdict, about: `seed ${seed}, run ${run} of ${runs}, ${task}, ${outcome}` });
    }
    return { fault: fault.name, verdicts };
  } finally {
    await fault.clean?.(world);
  }
}

async function oneRun(world: World, fault: Pick<Fault, 'before' | 'during'>) {
  await fault.before?.(world);
  world.touched.clear();
  world.written.clear();
  const before = await observe(world);
  const listed = await world.preview();
  const over = new AbortController();
  const acting = fault.during?.(world, over.signal);
  const { outcome } = await world.run();
  over.abort();
  await acting;
  const after = await observe(world);
  const { touched, written, isWithin } = world;
  const rehearsedDeletes = world.rehearsedDeletes();
  const { backupFolder } = world.wish;
  return {
    outcome,
    verdict: judge({ before, after, outcome, listed, touched, written, rehearsedDeletes, isWithin, backupFolder }),
  };
}

async function observe({ source, destination }: World): Promise<Observed> {
  return { source: await source.files(), destination: await destination.files() };
}

function reportOf({ name }: Fault, findings: readonly Finding[]): RunsReport {
  const verdicts = findings.flatMap((finding) => (finding.fault === name ? (finding.verdicts ?? []) : []));
  const withAny = (kind: keyof Verdict) => verdicts.filter((verdict) => verdict[kind].length > 0);
  const told = (kind: keyof Verdict, words: string) =>
    withAny(kind).map((verdict) => `${words}: ${verdict[kind].slice(0, 3).join('; ')} (${verdict.about})`);
  return {
    fault: name,
    tried: verdicts.length,
    lost: withAny('lost').length,
    falseSuccess: withAny('falseSuccess').length,
    unlisted: withAny('unlisted').length,
    details: [
      ...told('lost', 'lost'),
      ...told('falseSuccess', 'false success'),
      ...told('unlisted', 'unlisted delete'),
    ],
  };
}
