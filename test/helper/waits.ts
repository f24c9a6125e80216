/** What the tests of this worker wait for at the moment, in words. */
const pending = new Set<() => string>();

/** Waits for a promise. If the test times out meanwhile, its error says what it waited for. */
export async function waitFor<T>(what: string | (() => string), promise: Promise<T>): Promise<T> {
  const words = typeof what === 'string' ? () => what : what;
  pending.add(words);
  try {
    return await promise;
  } finally {
    pending.delete(words);
  }
}

/** Tests of a file that run at the same time share the list. */
export function pendingWaits(): readonly string[] {
  return [...pending].map((words) => words());
}
