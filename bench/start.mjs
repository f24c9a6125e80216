import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { startDaemon, untilQuiet } from './daemon.mjs';
import { writeManifests } from './manifests.mjs';
import { inTurn, median } from './measure.mjs';
import { inBench, withDirectory } from './places.mjs';

const tasks = 10_000;
const mostRounds = 3;

/**
 * From the start of the process to the moment that it serves, which is after all tasks are scheduled. Cold: nothing was
 * ever applied; warm: the daemon before has ended, and nothing has changed.
 */
export function measure({ rounds }) {
  return withDirectory(async (directory) => {
    const manifests = writeManifests(directory, { tasks });
    const kept = mkdtempSync(`${manifests}-state-`);
    await (await quietDaemon(manifests, kept)).stop();

    const { cold, parse, warm, read } = await inTurn(Math.min(rounds, mostRounds), {
      async cold() {
        const daemon = await startDaemon(manifests);
        await untilQuiet(daemon.pid);
        await daemon.stop();
        rmSync(daemon.state, { recursive: true });
        return daemon.readyMs;
      },
      parse: () => peerMs('parse', manifests),
      async warm() {
        const daemon = await quietDaemon(manifests, kept);
        await daemon.stop();
        return daemon.readyMs;
      },
      read: () => peerMs('read', manifests),
    });
    const row = (what, ours, peer, beside, goal) => ({
      ...{ what: `${what} start, ${tasks} manifests`, unit: 'ms', beside, goal },
      ...{ ours: median(ours), peer: median(peer) },
    });
    return [
      row('cold', cold, parse, 'yaml parsing the texts', 'ratio ≤ 1.3'),
      row('warm', warm, read, 'stat and read of the files', 'ratio ≤ 3'),
    ];
  });
}

async function quietDaemon(manifests, state) {
  const daemon = await startDaemon(manifests, [], state);
  await untilQuiet(daemon.pid);
  return daemon;
}

/** What the peer says that its work took, without the start of its process. */
async function peerMs(work, directory) {
  const child = spawn(process.execPath, [inBench('manifest-peer.mjs'), work, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([child.stdout.setEncoding('utf8').toArray(), once(child, 'exit')]);
  return Number(output.join(''));
}
