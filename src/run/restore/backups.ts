import type { ResolvedTask } from '../../model/desired.ts';
import type { TaskHistory } from '../../model/history.ts';
import type { Backup } from '../../model/restore.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { listed } from '../../model/wording.ts';
import { listEntries } from '../../rclone/entries.ts';
import { runShort } from '../../rclone/short-run.ts';
import { runOfBackup, timeOfBackup } from '../backup-name.ts';
import { type FarSide, type FarSideTools, openFarSide } from '../far-side.ts';
import { within } from '../local-side.ts';

/** What runs of a task replaced or deleted at its far side, the latest first. The error is a sentence. */
export async function listBackups(
  task: ResolvedTask,
  history: TaskHistory,
  tools: FarSideTools,
): Promise<Result<readonly Backup[], string>> {
  const { backupFolder } = task.spec.safety;
  if (backupFolder === null) return err(noBackups(task));
  const opened = await openFarSide(task, tools);
  if (!opened.ok) return err(opened.error.message);
  await using far = opened.value;
  const names = await backupNames(far, backupFolder);
  if (!names.ok || names.value.length === 0) return names.ok ? ok([]) : names;
  const sizes = await sizesIn(far, backupFolder, tools.signal);
  if (!sizes.ok) return sizes;
  return ok(
    names.value.map((name) => {
      const { files, bytes } = sizes.value.get(name) ?? { files: 0, bytes: 0 };
      const run = history.runs.find(({ id }) => id === runOfBackup(name));
      return { name, at: run?.startedAt ?? timeOfBackup(name), outcome: run?.outcome ?? null, files, bytes };
    }),
  );
}

/** The place of one backup for rclone; the error names those that there are. */
export async function findBackup(task: ResolvedTask, far: FarSide, name: string): Promise<Result<string, string>> {
  const { backupFolder } = task.spec.safety;
  if (backupFolder === null) return err(noBackups(task));
  const found = await backupNames(far, backupFolder);
  if (!found.ok) return found;
  if (found.value.includes(name)) return ok(within(within(far.remote.path, backupFolder), name));
  if (found.value.length === 0) return err(`there is no backup ${name}; there is none at all in ${backupFolder}`);
  return err(`there is no backup ${name}; there is ${listed(found.value, 10)}`);
}

function noBackups({ name }: ResolvedTask): string {
  return `task ${name} keeps no backups: it has no spec.safety.backupFolder`;
}

/** The latest first: names end in the time of the run. */
export async function backupNames(
  { binary, environment, remote, redact, look }: FarSide,
  folder: string,
): Promise<Result<readonly string[], string>> {
  const place = within(remote.path, folder);
  const seen = await look(place);
  if (!seen.ok) return err(seen.error.message);
  if (!seen.value.exists) return ok([]);
  const found = await listEntries(binary.path, environment, place);
  if (!found.ok) return err(redact(found.error));
  const names = found.value.filter(({ directory }) => directory).map(({ name }) => name);
  return ok(names.sort().reverse());
}

interface Size {
  readonly files: number;
  readonly bytes: number;
}

/** A remote with many backups takes its time. */
const timeoutMs = 3_600_000;

/** One listing for all of them. */
async function sizesIn(
  { binary, environment, remote, redact }: FarSide,
  folder: string,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, Size>, string>> {
  const sizes = new Map<string, Size>();
  const parameters = ['lsf', '--recursive', '--files-only', '--format', 'sp', '--use-json-log', '--retries', '1'];
  const { error } = await runShort(binary.path, [...parameters, '--', within(remote.path, folder)], environment, {
    timeoutMs,
    signal,
    onOutputLine(line) {
      const [, size = '', name = ''] = /^(-?\d+);([^/]+)\//.exec(line) ?? [];
      if (name === '') return;
      const { files, bytes } = sizes.get(name) ?? { files: 0, bytes: 0 };
      // -1 stands for a size that the remote does not tell.
      sizes.set(name, { files: files + 1, bytes: bytes + Math.max(0, Number(size)) });
    },
  });
  return error === null ? ok(sizes) : err(redact(error));
}
