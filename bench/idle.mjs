import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { residentMegabytes, startDaemon, untilQuiet } from './daemon.mjs';
import { copyTask, writeManifests } from './manifests.mjs';
import { inTurn, median } from './measure.mjs';
import { withDirectory } from './places.mjs';

const mostRounds = 5;
/**
 * Tasks, how often that is measured at most, until when what starting up has left behind is collected, and what to
 * reach. What ten thousand leave is only collected after one of the looks at the directory that come every half minute.
 */
const sizes = [
  { tasks: 10, rounds: mostRounds, settleMs: 3000, goal: '≤ 75 MB' },
  { tasks: 10_000, rounds: 1, settleMs: 90_000, goal: '≤ 120 MB' },
];

export async function measure({ rounds }) {
  const rows = [];
  for (const size of sizes) rows.push(await measureSize(size, Math.min(rounds, size.rounds)));
  return rows;
}

function measureSize({ tasks, settleMs, goal }, rounds) {
  return withDirectory(async (directory) => {
    const describe = (index) =>
      copyTask({ name: `task-${index}`, from: join(directory, 'source'), schedule: '0 2 1 1 *' });
    const manifests = writeManifests(directory, { tasks, describe });
    const { ours, peer } = await inTurn(rounds, {
      async ours() {
        const daemon = await startDaemon(manifests);
        const megabytes = await settled(daemon.pid, settleMs);
        await daemon.stop();
        return megabytes;
      },
      async peer() {
        const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
        const megabytes = await settled(bare.pid, settleMs);
        bare.kill();
        return megabytes;
      },
    });
    const row = { what: `idle daemon, ${tasks} tasks, resident`, unit: 'MB', beside: 'bare node', goal };
    return { ...row, ours: median(ours), peer: median(peer) };
  });
}

async function settled(pid, settleMs) {
  await untilQuiet(pid);
  await pause(settleMs);
  return residentMegabytes(pid);
}
