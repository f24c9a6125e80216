import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startDaemon } from './daemon.mjs';
import { copyTask, writeManifests } from './manifests.mjs';
import { median, quantile } from './measure.mjs';
import { withDirectory } from './places.mjs';

/**
 * The daemon's tasks are due at every fourth second; halfway between, the peer starts as many of the same script by
 * itself. Both are measured by the script, which writes down when it runs.
 */
const periodMs = 4000;
const schedule = '*/4 * * * * *';
const mostRounds = 15;

export async function measure({ rounds }) {
  const rows = [];
  for (const atOnce of [1, 50]) {
    const { ours, peer } = await withDirectory((directory) =>
      latencies(directory, atOnce, Math.min(rounds, mostRounds)),
    );
    const row = { unit: 'ms', beside: 'sh spawned at such an instant' };
    const what = `due to rclone spawned, ${atOnce} at once`;
    rows.push({ ...row, what: `${what}, p50`, ours: median(ours), peer: median(peer), goal: 'difference ≤ 15' });
    const last = { ours: quantile(ours, 0.99), peer: quantile(peer, 0.99) };
    rows.push({ ...row, what: `${what}, p99`, ...last, goal: 'difference ≤ 60' });
  }
  return rows;
}

async function latencies(directory, atOnce, rounds) {
  const source = join(directory, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'file.txt'), 'content');
  const describe = (index) => copyTask({ name: `task-${index}`, from: source, schedule });
  const manifests = writeManifests(directory, { tasks: atOnce, describe });
  const ours = writeStandIn(directory, 'daemon');
  const peer = writeStandIn(directory, 'peer');
  const daemon = await startDaemon(manifests, ['--rclone', ours.binary, '--max-concurrent-runs', String(atOnce)]);
  // The first instant, which warms up, does not count.
  const first = nextInstant() + periodMs;
  for (let round = 0; round <= rounds; round += 1) {
    const instant = nextInstant() + periodMs / 2;
    await pause(instant - Date.now());
    for (let index = 0; index < atOnce; index += 1) spawn(peer.binary, ['copy'], { stdio: 'ignore' });
    await pause(periodMs / 2);
  }
  await daemon.stop();
  return { ours: since(ours, first, 0), peer: since(peer, first, periodMs / 2) };
}

function nextInstant() {
  return Math.ceil(Date.now() / periodMs) * periodMs;
}

/** An rclone that only writes down the time, in nanoseconds. */
function writeStandIn(directory, name) {
  const binary = join(directory, name);
  const answer = '[ "$1" = version ] && { echo "rclone v1.60.1"; exit; }';
  writeFileSync(binary, `#!/bin/sh\n${answer}\nexec date +%s%N >> "$0.times"\n`);
  chmodSync(binary, 0o755);
  return { binary, times: `${binary}.times` };
}

/** Milliseconds from the instant before it to each time that was written down; `shiftMs` is where in the period. */
function since({ times }, first, shiftMs) {
  return readFileSync(times, 'utf8')
    .trim()
    .split('\n')
    .map((nanoseconds) => Number(nanoseconds) / 1e6 - shiftMs)
    .filter((at) => at >= first)
    .map((at) => at % periodMs);
}
