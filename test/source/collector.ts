import type { Result } from '../../src/model/result.ts';
import type { Snapshot, SourceUnavailable } from '../../src/model/snapshot.ts';
import { type Source, type WatchOptions, watchSource } from '../../src/source/watch.ts';
import { contentIn } from '../helper/file-content.ts';
import { waitFor } from '../helper/waits.ts';

type Reading = Result<Snapshot, SourceUnavailable>;

export interface Collector extends AsyncDisposable {
  readonly source: Source;
  readonly readings: readonly Reading[];
  readonly degradations: readonly string[];
  /** Waits until the newest reading fits. */
  until(fits: (reading: Reading) => boolean): Promise<Reading>;
  /** Waits for `path: text` of every file to be exactly this. */
  untilFiles(files: Readonly<Record<string, string>>): Promise<Reading>;
  untilUnavailable(reason: SourceUnavailable['reason']): Promise<Reading>;
}

/** A source under test with everything it ever said. Waits end with the test's own time limit, never by a clock. */
export async function collect(directory: string, part: Partial<WatchOptions> = {}): Promise<Collector> {
  const readings: Reading[] = [];
  const degradations: string[] = [];
  const waiting = new Set<() => void>();

  const source = await watchSource({
    directory,
    mode: 'auto',
    debounceMs: 20,
    onSnapshot: async (reading) => {
      readings.push(reading);
      for (const wake of waiting) wake();
      return null;
    },
    onDegraded: (detail) => degradations.push(detail),
    ...part,
  });

  function until(fits: (reading: Reading) => boolean): Promise<Reading> {
    const found = new Promise<Reading>((resolve) => {
      function look(): void {
        const last = readings.at(-1);
        if (last === undefined || !fits(last)) return;
        waiting.delete(look);
        resolve(last);
      }
      waiting.add(look);
      look();
    });
    return waitFor(() => `a reading that fits ${fits}; the last one: ${JSON.stringify(readings.at(-1))}`, found);
  }

  return {
    source,
    readings,
    degradations,
    until,
    untilFiles: (files) => until((reading) => JSON.stringify(contentOf(reading)) === JSON.stringify(files)),
    untilUnavailable: (reason) => until((reading) => !reading.ok && reading.error.reason === reason),
    [Symbol.asyncDispose]: source.close,
  };
}

/** Text by path, or the refusal's reason; `null` without a snapshot. */
export function contentOf(reading: Reading): Readonly<Record<string, string>> | null {
  if (!reading.ok) return null;
  return Object.fromEntries(reading.value.files.map((file) => [file.path, contentIn(file)]));
}
