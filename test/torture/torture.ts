import { parseArgs } from 'node:util';
import { damages } from './checks.ts';
import { tortureDaemon } from './kills.ts';
import { renderTable, sum } from './report.ts';

/** Output for people or programs, and what the process is to exit with. */
export interface Torture {
  readonly text: string;
  readonly exitCode: number;
}

const usage = 'Usage: npm run torture -- [kills] [--count N] [--seed N] [--worlds N] [--json]';

export async function torture(parameters: readonly string[], progress: (text: string) => void): Promise<Torture> {
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
  const count = Number(values.count ?? 3000);
  const seed = Number(values.seed);
  const worlds = Number(values.worlds);
  if (![count, seed, worlds].every((number) => Number.isInteger(number) && number > 0) || what !== 'kills')
    return { text: usage, exitCode: 64 };
  const reports = await tortureDaemon({
    ...{ count, seed, worlds },
    onKill(done) {
      if (done % 100 === 0) progress(`${done} of ${count} kills`);
    },
  });
  const found = sum(reports, ({ damage }) => sum(damages, (each) => damage[each]));
  const text = values.json ? JSON.stringify({ seed, count, reports }, null, 2) : renderTable(reports);
  return { text, exitCode: found === 0 ? 0 : 1 };
}
