import { connect } from '../daemon/control-client.ts';
import type { Settings } from '../daemon/settings.ts';
import { placeStatus } from '../daemon/status-place.ts';
import { systemClock } from '../model/clock.ts';
import type { StatusFile } from '../model/status.ts';
import { renderStatusTable } from '../report/status-table.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { createStatusStore, type StatusStore } from '../status/store.ts';
import { exitCodes } from './exit-code.ts';
import { outputFormat, settingsOf } from './global-options.ts';
import type { CommandModule } from './registry.ts';

export const status: CommandModule = {
  configure(command) {
    command.argument('[name...]', 'only these tasks');
  },

  async run(command, shell) {
    const settings = settingsOf(command, shell);
    const { terminal } = shell;
    const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
    if (!snapshot.ok) {
      terminal.note(`cloudsync: ${snapshot.error.message}`);
      return exitCodes.failed;
    }
    const all = await readStatusFiles(
      settings,
      snapshot.value.files.map(({ path }) => path),
    );
    const wanted = new Set(command.args);
    const files = all.filter(({ metadata }) => wanted.size === 0 || wanted.has(metadata.name ?? ''));
    const client = await connect(settings.stateDirectory);
    const daemon = client !== null && client.identity.command === 'daemon' ? client.identity : null;

    if (outputFormat(command) === 'json') {
      const about = { running: daemon !== null, pid: daemon?.pid ?? null, version: daemon?.version ?? null };
      terminal.print(
        JSON.stringify(
          { daemon: about, tasks: files.filter(isTask), credentials: files.filter((file) => !isTask(file)) },
          null,
          2,
        ),
      );
    } else {
      const { width, color } = terminal;
      terminal.print(renderStatusTable(files, { now: systemClock.now(), width, color: color.stdout }));
      if (daemon === null)
        terminal.note('\nNo daemon is running: schedules do not fire, and this is what was last known.');
    }
    const missing = [...wanted].filter((name) => !files.some(({ metadata }) => metadata.name === name));
    for (const name of missing) terminal.note(`cloudsync: there is no status of a task ${name}`);
    return missing.length > 0 ? exitCodes.failed : exitCodes.done;
  },
};

/** Whoever asks may be allowed less than the daemon, which then has put them beside the manifests all the same. */
async function readStatusFiles(settings: Settings, manifests: readonly string[]): Promise<readonly StatusFile[]> {
  const { directory, reason } = await placeStatus(settings, stateDirectory(settings.stateDirectory));
  const stores = [directory, ...(reason === 'readOnly' ? [settings.tasksDirectory] : [])].map((place) =>
    createStatusStore({
      directory: place,
      makesFolders: false,
      writeFile: async () => ({ ok: true, value: undefined }),
    }),
  );
  const files = await Promise.all(manifests.map(async (path) => firstOf(stores, path)));
  return files.filter((file) => file !== null);
}

async function firstOf(stores: readonly StatusStore[], path: string): Promise<StatusFile | null> {
  for (const store of stores) {
    const file = await store.read(path);
    if (file !== null) return file;
  }
  return null;
}

function isTask(file: StatusFile): boolean {
  return file.kind !== 'CloudCredentialStatus';
}
