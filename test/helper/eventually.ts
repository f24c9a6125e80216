import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { waitFor } from './waits.ts';

/** Far longer than anything here takes, and shorter than a test may: it turns what would hang into an error that says why. */
const patienceMs = 55_000;

/** Resolves with the first answer that is not `null`. For conditions that announce themselves in no other way. */
export function eventually<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  return waitFor(what, poll(what, look));
}

/** The same, where nothing but turns of the event loop is needed for it. */
export async function turnsUntil(isSo: () => boolean): Promise<void> {
  await waitFor(
    String(isSo),
    poll(String(isSo), () => (isSo() ? true : null), nextTurn),
  );
}

async function poll<T>(
  what: string,
  look: () => Promise<T | null> | T | null,
  rest: () => Promise<unknown> = () => pause(20),
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`timed out after ${patienceMs / 1000}s: ${what}`);
    await rest();
  }
}
