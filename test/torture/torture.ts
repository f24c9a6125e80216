import { parseArgs } from 'node:util';
import { damages } from './checks.ts';
import { type FuzzReport, fuzzManifests } from './fuzz/fuzz.ts';
import { tortureDaemon } from './kills.ts';
import { renderTable, sum } from './report.ts';
import { tortureRuns } from './runs/runs.ts';
import { renderRuns } from './runs/table.ts';

/** Output for people or programs, and what the process is to exit with. */
interface Torture {
  readonly text: string;
  readonly exitCode: number;
}

interface Settings {
  readonly count: number;
  readonly seed: number;
  readonly worlds: number;
  readonly json: boolean;
}

/** What the run tells meanwhile, and how it is told to end early. */
interface Session {
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

const usage = `Usage: npm run torture -- [kills | fuzz | runs] [--count N] [--seed N] [--worlds N] [--json]
kills: kill the daemon N times (3000), in N directories at a time (4), and count what a restart does not mend
fuzz:  parse N texts (100000) that are manifests no more
runs:  let N random tasks (60) run into faults, and count the runs that lose data or claim what is not so`;

const defaultCounts: Readonly<Record<string, number>> = { kills: 3000, fuzz: 100_000, runs: 60 };

export async function torture(parameters: readonly string[], session: Session): Promise<Torture> {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      seed: { type: 'string', default: '1' },
      worlds: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  });
  const [what = 'kills'] = positionals;
  const count = Number(values.count ?? defaultCounts[what] ?? 1);
  const settings = { count, seed: Number(values.seed), worlds: Number(values.worlds), json: values.json };
  const isSound = [count, settings.seed, settings.worlds].every((number) => Number.isInteger(number) && number > 0);
  if (isSound && what === 'kills') return kill(settings, session);
  if (isSound && what === 'fuzz') return fuzz(settings, session);
  if (isSound && what === 'runs') return runs(settings, session);
  return { text: usage, exitCode: 64 };
}

async function kill({ count, seed, worlds, json }: Settings, { progress, signal }: Session): Promise<Torture> {
  const reports = await tortureDaemon({
    ...{ count, seed, worlds, signal },
    onKill(done) {
      if (done % 100 === 0) progress(`${done} of ${count} kills`);
    },
  });
  const found = sum(reports, ({ damage }) => sum(damages, (each) => damage[each]));
  const text = json ? JSON.stringify({ seed, count, reports }, null, 2) : renderTable(reports);
  return { text, exitCode: found === 0 ? 0 : 1 };
}

async function runs({ count, seed, json }: Settings, { progress, signal }: Session): Promise<Torture> {
  const reports = await tortureRuns({
    ...{ count, seed, signal },
    onStory(done) {
      if (done % 10 === 0) progress(`${done} of ${count} tasks`);
    },
  });
  const found = sum(reports, ({ lost, falseSuccess, unlisted }) => lost + falseSuccess + unlisted);
  const text = json ? JSON.stringify({ seed, count, reports }, null, 2) : renderRuns(reports);
  return { text, exitCode: found === 0 ? 0 : 1 };
}

function fuzz({ count, seed, json }: Settings, { progress }: Session): Torture {
  const report = fuzzManifests({
    ...{ count, seed },
    onText(done) {
      if (done % 10_000 === 0) progress(`${done} of ${count} texts`);
    },
  });
  const { thrown, misplaced, shown, slow } = report;
  const text = json ? JSON.stringify({ seed, ...report }, null, 2) : renderFuzz(report);
  return { text, exitCode: thrown + misplaced + shown + slow === 0 ? 0 : 1 };
}

function renderFuzz({ details, slowestMs, ...counts }: FuzzReport): string {
  const told = [...Object.entries(counts), ['slowest, ms', slowestMs] as const];
  return [...told.map(([name, value]) => `${name.padEnd(12)} ${value}`), ...details].join('\n');
}
