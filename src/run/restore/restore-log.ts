import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../model/event.ts';
import { createRunLog } from '../../state/run-log.ts';
import type { StateDirectory } from '../../state/state-directory.ts';

const maxLogBytes = 10 * 1024 * 1024;
/** Restores are in no history that could drop them. */
const keptLogs = 10;

export interface RestoreLog {
  /** Relative to the state directory. */
  readonly path: string;
  note(event: Event): void;
  close(): Promise<void>;
}

/** The log of a restore, beside those of the task's runs; the oldest go when there are many. */
export async function openRestoreLog(
  state: StateDirectory,
  { task, runId }: { readonly task: string; readonly runId: string },
  onError: (path: string, detail: string) => void,
): Promise<RestoreLog> {
  const folder = join(state.runs, task);
  const logs = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('restore-')).sort();
  // One that cannot be removed takes room and does no other harm.
  for (const name of logs.slice(0, 1 - keptLogs)) await rm(join(folder, name), { force: true }).catch(() => undefined);
  const path = join('runs', task, `${runId}.ndjson`);
  const log = createRunLog(join(state.path, path), {
    maxBytes: maxLogBytes,
    onError: (detail) => onError(path, detail),
  });
  return {
    path,
    note(event) {
      // Progress is for those who watch.
      if (event.type === 'RunProgress') return;
      const { type, ...fields } = event;
      log.append({ time: new Date().toISOString(), type, ...fields });
    },
    close: log.close,
  };
}
