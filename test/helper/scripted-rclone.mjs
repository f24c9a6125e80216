#!/usr/bin/env node
// Stands in for rclone where the real one cannot be made to do a thing. `scripted-rclone.ts` writes its script.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const script = JSON.parse(readFileSync(process.env.SCRIPTED_RCLONE, 'utf8'));

// Listened for from the start: a signal may come right after the line that tells the test to send it.
const signals = new Map(
  script.steps.filter((step) => 'waitFor' in step).map((step) => [step.waitFor, once(process, step.waitFor)]),
);

if (process.argv[2] === 'version') {
  process.stdout.write(`${script.version ?? 'rclone v1.60.1-DEV'}\n`);
} else {
  // Pending timers keep the process alive where a script waits for a signal.
  const alive = setInterval(() => {}, 1_000_000);
  for (const step of script.steps) await perform(step);
  clearInterval(alive);
}

async function perform(step) {
  if ('print' in step) return write(process.stderr, step.print);
  if ('output' in step) return write(process.stdout, step.output);
  if ('flood' in step) return write(process.stderr, `${'x'.repeat(99)}\n`.repeat(step.flood));
  if ('ignore' in step) return process.on(step.ignore, () => {});
  if ('waitFor' in step) return signals.get(step.waitFor);
  // In the same process group, and with standard error open: who only stops the parent waits for ever.
  if ('child' in step) return spawn('sleep', ['1000000'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if ('exit' in step) process.exit(step.exit);
  throw new Error(`Unknown step ${JSON.stringify(step)}`);
}

async function write(stream, text) {
  if (!stream.write(text)) await once(stream, 'drain');
}
