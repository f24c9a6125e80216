import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs, startDaemon, untilQuiet } from './daemon.mjs';
import { writeManifests } from './manifests.mjs';
import { median, quantile } from './measure.mjs';
import { withDirectory } from './places.mjs';

const tasks = 10_000;
/** Until what an edit has set off is over. */
const restMs = 1500;

/** One manifest of many is replaced as editors and Git do, by a rename; from then until its task has the new schedule. */
export function measure({ rounds }) {
  return withDirectory(async (directory) => {
    const manifests = writeManifests(directory, { tasks });
    const daemon = await startDaemon(manifests);
    await untilQuiet(daemon.pid);
    const latencies = [];
    const costs = [];
    for (let round = 0; round <= 3 * rounds; round += 1) {
      const before = cpuMs(daemon.pid);
      const effective = daemon.next('"Reconciled"');
      const start = performance.now();
      edit(join(manifests, 'task-00042.yaml'), round);
      await effective;
      const latency = performance.now() - start;
      await pause(restMs);
      if (round === 0) continue;
      latencies.push(latency);
      costs.push(cpuMs(daemon.pid) - before);
    }
    await daemon.stop();
    const row = { what: `one edit among ${tasks}`, unit: 'ms', beside: '–', peer: null };
    return [
      { ...row, what: `${row.what}, p50`, ours: median(latencies), goal: '' },
      { ...row, what: `${row.what}, p99`, ours: quantile(latencies, 0.99), goal: '≤ 400' },
      { ...row, what: `${row.what}, processor time, p50`, ours: median(costs), goal: '≤ 150' },
    ];
  });
}

function edit(path, round) {
  const text = readFileSync(path, 'utf8').replace(/cron: .*/, `cron: "${round % 60} 7 * * *"`);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
