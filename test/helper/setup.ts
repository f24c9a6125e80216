import { beforeEach } from 'vitest';
import { pendingWaits } from './waits.ts';

/** Adds to the error of a test that timed out what it was waiting for. */
beforeEach(({ onTestFailed, task }) => {
  onTestFailed(() => {
    const waits = pendingWaits();
    if (waits.length === 0) return;
    const words = `\nStill waiting for:\n${waits.map((wait) => `  ${wait}\n`).join('')}`;
    for (const error of task.result?.errors ?? []) {
      if (error.message.startsWith('Test timed out')) error.message += words;
    }
  });
});
