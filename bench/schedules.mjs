import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inTurn, median } from './measure.mjs';

const schedules = 100_000;
/** croner keeps 83 KB a schedule, so only so many are made of its own, and the numbers scaled. */
const sampled = 1000;
const mostRounds = 5;
const program = fileURLToPath(new URL('./schedule-holder.mjs', import.meta.url));

/** Each sample is a process of its own: what an earlier one left on the heap would blur the next. */
export async function measure({ rounds }) {
  const { ours, peer } = await inTurn(Math.min(rounds, mostRounds), {
    ours: () => holder('cloudsync', schedules, 1),
    peer: () => holder('croner', sampled, schedules / sampled),
  });
  const of = (samples, key) => median(samples.map((sample) => sample[key]));
  const row = (what, unit, key, goal) => ({
    ...{ what: `${schedules} schedules, ${what}`, unit, goal, beside: `croner's own scheduling, ${sampled} scaled` },
    ...{ ours: of(ours, key), peer: of(peer, key) },
  });
  return [
    row('heap', 'MB', 'heapMegabytes', '≤ 50 MB'),
    row('time to build', 'ms', 'buildMs', 'less than the peer'),
    { ...row('processor while idle', '% of a core', 'idlePercent', '< 0.5 %'), beside: '–', peer: null },
  ];
}

function holder(kind, count, scale) {
  const output = execFileSync(process.execPath, ['--expose-gc', program, kind, String(count)]);
  const { heapMegabytes, buildMs, idlePercent } = JSON.parse(output);
  return { heapMegabytes: heapMegabytes * scale, buildMs: buildMs * scale, idlePercent };
}
