import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { residentMegabytes, startDaemon, untilQuiet } from './daemon.mjs';
import { copyTask, writeManifests } from './manifests.mjs';
import { inTurn, median } from './measure.mjs';
import { withDirectory } from './places.mjs';

/** Until what starting up has left behind is settled. */
const settleMs = 3000;
const mostRounds = 5;
/** Tasks, how often that is measured at most, and what to reach. */
const sizes = [
  { tasks: 10, rounds: mostRounds, goal: '≤ 75 MB' },
  { tasks: 10_000, rounds: 1, goal: '≤ 120 MB' },
];

export async function measure({ rounds }) {
  const rows = [];
  for (const size of sizes) rows.push(await measureSize(size, Math.min(rounds, size.rounds)));
  return rows;
}

function measureSize({ tasks, goal }, rounds) {
  return withDirectory(async (directory) => {
    const describe = (index) =>
      copyTask({ name: `task-${index}`, from: join(directory, 'source'), schedule: '0 2 1 1 *' });
    const manifests = writeManifests(directory, { tasks, describe });
    const { ours, peer } = await inTurn(rounds, {
      async ours() {
        const daemon = await startDaemon(manifests);
        const megabytes = await settled(daemon.pid);
        await daemon.stop();
        return megabytes;
      },
      async peer() {
        const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
        const megabytes = await settled(bare.pid);
        bare.kill();
        return megabytes;
      },
    });
    const row = { what: `idle daemon, ${tasks} tasks, resident`, unit: 'MB', beside: 'bare node', goal };
    return { ...row, ours: median(ours), peer: median(peer) };
  });
}

async function settled(pid) {
  await untilQuiet(pid);
  await pause(settleMs);
  return residentMegabytes(pid);
}
