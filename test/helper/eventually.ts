import { setTimeout as pause } from 'node:timers/promises';

/** Far longer than anything here takes: it only turns a test that would hang into one that says why. */
const patienceMs = 25_000;

/** Resolves with the first answer that is not `null`. For conditions that announce themselves in no other way. */
export async function eventually<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await pause(20);
  }
}
