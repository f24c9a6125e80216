import { connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { systemClock } from '../model/clock.ts';
import type { DaemonStatus } from '../model/daemon-status.ts';
import { ok, type Result } from '../model/result.ts';
import type { StatusFile } from '../model/status.ts';
import { renderStatusTable } from '../report/status-table.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';
import { readStatusFiles } from './status-files.ts';

export const status: CommandModule = {
  showsState: true,

  configure(command) {
    command
      .argument('[name...]', 'only these tasks')
      .option('--detailed-exitcode', 'exit with 1 when something is Invalid or Degraded, else with 2 when out of sync')
      .addHelpText('after', '\nA daemon that runs is asked; without one, the status files say what was last known.');
  },

  async run(command, shell) {
    const { terminal } = shell;
    const known = await findStatus(settingsOf(command, shell));
    if (!known.ok) {
      terminal.note(`cloudsync: ${known.error}`);
      return exitCodes.failed;
    }
    const { daemon, note } = known.value;
    const wanted = new Set(command.args);
    const files = known.value.files.filter(({ metadata }) => wanted.size === 0 || wanted.has(metadata.name ?? ''));
    if (outputFormat(command) === 'json') {
      terminal.print(JSON.stringify(statusDocument(files, daemon), null, 2));
    } else {
      const { width, color } = terminal;
      terminal.print(renderStatusTable(files, { now: systemClock.now(), width, color: color.stdout }));
      if (note !== null) terminal.note(`\n${note}`);
    }
    const missing = [...wanted].filter((name) => !files.some(({ metadata }) => metadata.name === name));
    for (const name of missing) terminal.note(`cloudsync: there is no status of a task ${name}`);
    const unavailable = daemon?.unavailable ?? null;
    if (unavailable !== null) terminal.note(`cloudsync: since ${unavailable.since}: ${unavailable.message}`);
    if (missing.length > 0 || unavailable !== null) return exitCodes.failed;
    const { detailedExitcode = false } = command.opts<{ readonly detailedExitcode?: boolean }>();
    return detailedExitcode ? exitCodeOfStatus(files, wanted.size === 0 ? daemon : null) : exitCodes.done;
  },
};

/** By what is known of each task, and by what the daemon counts in all. */
function exitCodeOfStatus(files: readonly StatusFile[], daemon: DaemonStatus | null): ExitCode {
  const isBroken = ({ status: { sync, health } }: StatusFile) => sync === 'Invalid' || health === 'Degraded';
  if (files.some(isBroken)) return exitCodes.failed;
  const differs = files.some(({ status: { sync } }) => sync === 'OutOfSync' || sync === 'Blocked');
  return differs || driftOf(daemon) !== null ? exitCodes.changes : exitCodes.done;
}

/** What the last reading left undone, in words; `null`: nothing. */
function driftOf(daemon: DaemonStatus | null): string | null {
  const summary = daemon?.snapshot?.summary;
  if (summary === undefined) return null;
  const { create, update, delete: deleted, adopt, blocked } = summary;
  const waits = daemon?.apply === 'manual' && create + update + deleted + adopt > 0;
  if (waits) {
    const counts = `${create} to create, ${update + adopt} to update, ${deleted} to delete`;
    return `Out of sync: ${counts}. "cloudsync plan" shows it, and "cloudsync apply" makes it so.`;
  }
  return blocked === 0 ? null : `${blocked} tasks without a manifest are kept; "cloudsync plan" says why.`;
}

interface KnownStatus {
  readonly files: readonly StatusFile[];
  /** `null`: none runs, or none that answers. */
  readonly daemon: DaemonStatus | null;
  /** What to bear in mind while reading. */
  readonly note: string | null;
}

/** What the daemon says is true also where it cannot write status files. */
async function findStatus(settings: Settings): Promise<Result<KnownStatus, string>> {
  const client = await connect(settings.stateDirectory);
  const answer = client?.identity.command === 'daemon' ? await client.status() : null;
  if (answer?.ok) {
    const { daemon, tasks, credentials } = answer.value;
    return ok({ files: [...tasks, ...credentials], daemon, note: daemon === null ? null : noteOf(daemon) });
  }
  const files = await readStatusFiles(settings);
  if (!files.ok) return files;
  const note =
    answer === null
      ? 'No daemon is running: schedules do not fire, and this is what was last known.'
      : `This is what was last known: ${answer.error}`;
  return ok({ files: files.value, daemon: null, note });
}

function noteOf(daemon: DaemonStatus): string | null {
  const { watch, stopping } = daemon;
  if (stopping) return 'The daemon is stopping: it starts nothing more.';
  const failure = daemon.snapshot?.failure ?? null;
  const notes = [
    failure === null ? null : `What the manifests say is not in force, it could not be recorded: ${failure}`,
    driftOf(daemon),
    watch.degraded === null ? null : `Changes are noticed every few seconds only: ${watch.degraded}`,
  ].filter((note) => note !== null);
  return notes.length === 0 ? null : notes.join('\n');
}

function statusDocument(files: readonly StatusFile[], daemon: DaemonStatus | null): object {
  const isTask = (file: StatusFile) => file.kind !== 'CloudCredentialStatus';
  return {
    daemon: daemon === null ? { running: false, pid: null, version: null } : { running: true, ...daemon },
    tasks: files.filter(isTask),
    credentials: files.filter((file) => !isTask(file)),
  };
}
