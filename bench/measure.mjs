import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs the contenders in turn, A B A B, so that whatever else the machine does meets all of them alike. The first
 * round warms up and does not count. Gives each contender's numbers, in the order measured.
 */
export async function inTurn(rounds, contenders) {
  const numbers = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(contenders)) {
      const number = await measure();
      if (round > 0) numbers[name].push(number);
    }
  }
  return numbers;
}

/** Milliseconds from the start of a process to its end. Throws when it fails: that would measure something else. */
export async function processMs(command, parameters, options = {}) {
  const start = performance.now();
  const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint = `${complaint}${data}`.slice(-2000);
  });
  const [code, signal] = await once(child, 'close');
  const elapsedMs = performance.now() - start;
  if (code !== 0) throw new Error(`${command} ${parameters.join(' ')} ended with ${signal ?? code}:\n${complaint}`);
  return elapsedMs;
}

export function median(numbers) {
  return quantile(numbers, 0.5);
}

/** The nearest rank: always one of the numbers. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
