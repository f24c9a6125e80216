import { readdir, readFile, rename, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import type { DaemonProcess } from '../../helper/daemon-process.ts';
import { eventually } from '../../helper/eventually.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { credentialManifest, taskManifest } from '../../helper/manifest.ts';
import type { TemporaryDirectory } from '../../helper/temporary-directory.ts';

/** Tasks as a test tells them apart: description by name. */
export type Tasks = Readonly<Record<string, string>>;

export interface FollowOptions {
  /** Lays out what is followed; gives the tasks directory. */
  readonly layout: (directory: TemporaryDirectory) => Promise<string>;
  /** A command that starts the daemon, and what it then takes to look at the directory as the daemon does. */
  readonly within?: readonly string[];
  readonly beside?: (daemon: DaemonProcess) => readonly string[];
  readonly parameters?: readonly string[];
  /** Where it keeps its state, in the directory of the test. */
  readonly state?: string;
}

/** A daemon over a tasks directory. */
export interface Followed extends AsyncDisposable {
  readonly cloudsync: Cloudsync;
  readonly directory: TemporaryDirectory;
  readonly daemon: DaemonProcess;
  /** Waits until these tasks are active and no others, nothing is left to do, and each has a status that says so. */
  converged(tasks: Tasks): Promise<void>;
  /** The status of a task, once it is as wanted. */
  status(path: string, wanted?: (status: TaskState) => boolean): Promise<TaskState>;
  /** What is kept of tasks that were removed: a delete that is only planned waits for a second look. */
  deleted(): Promise<readonly string[]>;
  /** Names of the tasks to which the daemon ever meant to do this. */
  everDone(action: string): readonly string[];
}

export interface TaskState {
  readonly sync: string;
  readonly observed: { readonly specHash: string; readonly revision: string | null } | null;
  readonly applied: { readonly specHash: string; readonly revision: string | null } | null;
}

interface PlanDocument {
  readonly summary: { readonly unchanged: number };
  readonly changes: readonly {
    readonly name: string;
    readonly action: string;
    readonly after: { readonly spec: { readonly description: string } } | null;
  }[];
}

export async function follow({
  layout,
  within = [],
  beside,
  parameters = [],
  state = 'state',
}: FollowOptions): Promise<Followed> {
  const cloudsync = await openCloudsync();
  const { directory, environment } = cloudsync;
  Object.assign(environment, {
    ...{ CLOUDSYNC_STATE_DIR: directory.at(state), CLOUDSYNC_TASKS: await layout(directory) },
  });
  const daemon = await cloudsync.daemonWithin(within, ...parameters);
  const { directory: statusDirectory } = await daemon.logged('StatusPlaced');
  const statuses = join(`/proc/${daemon.pid}/root`, String(statusDirectory));

  async function plan(): Promise<PlanDocument | null> {
    const { exitCode, stdout } = await cloudsync.start(['-o', 'json', 'plan'], beside?.(daemon)).finished;
    return exitCode === 0 ? (JSON.parse(stdout) as PlanDocument) : null;
  }

  /** `null` while something is left to do. */
  async function activeTasks(): Promise<Tasks | null> {
    const { summary, changes } = (await plan()) ?? { summary: { unchanged: 0 }, changes: [] };
    const settled = changes.length > 0 && summary.unchanged === changes.length;
    return settled ? Object.fromEntries(changes.map(({ name, after }) => [name, after?.spec.description ?? ''])) : null;
  }

  async function statusOf(path: string): Promise<TaskState | null> {
    const text = await readFile(join(statuses, path.replace(/\.ya?ml$/, '.status.json')), 'utf8').catch(() => null);
    return text === null ? null : (JSON.parse(text) as { status: TaskState }).status;
  }

  const status: Followed['status'] = (path, wanted = () => true) =>
    eventually(`the status of ${path} is as wanted`, async () => {
      const found = await statusOf(path);
      return found !== null && wanted(found) ? found : null;
    });

  return {
    ...{ cloudsync, directory, daemon, status },
    async converged(tasks) {
      let looked = -1;
      await eventually(`active is ${JSON.stringify(tasks)}`, async () => {
        // Planning takes a process, so it is done again only when the daemon has said something since.
        const { length } = daemon.lines;
        if (length === looked) return null;
        const active = await activeTasks();
        if (active !== null) looked = length;
        return isEqual(active, tasks) ? true : null;
      });
      await eventually(`statuses of ${Object.keys(tasks)}, and no others`, async () => {
        const paths = (await statusPaths(statuses)).filter((path) => path !== 'here.status.json');
        const found = await Promise.all(paths.map(statusOf));
        const settled = found.every(
          (each) => each?.sync === 'Synced' && each.observed?.specHash === each.applied?.specHash,
        );
        return settled &&
          isEqual(
            paths,
            Object.keys(tasks)
              .map((name) => `${name}.status.json`)
              .sort(),
          )
          ? true
          : null;
      });
    },
    deleted: () => readdir(directory.at(state, 'archive')).catch(() => []),
    everDone: (action) =>
      daemon.lines.flatMap(({ changes = [] }) =>
        changes.filter((each) => each.action === action).map(({ name }) => name),
      ),
    [Symbol.asyncDispose]: () => cloudsync[Symbol.asyncDispose](),
  };
}

/** Manifests of these tasks, and of the credential they use, by file name. Their paths do not depend on the place. */
export function manifests(tasks: Tasks): Readonly<Record<string, string>> {
  const files = Object.entries(tasks).map(([name, description]) => [`${name}.yaml`, manifest(name, description)]);
  const credential = credentialManifest('here', { provider: 'local', options: { root: '/srv/cloud' } });
  return { ...Object.fromEntries(files), 'here.yaml': stringify(credential) };
}

export function manifest(name: string, description: string): string {
  return stringify(taskManifest(name, { description, path: `/srv/${name}` }));
}

/** A plain directory with these tasks. */
export function plain(tasks: Tasks): FollowOptions['layout'] {
  return async (directory) => {
    await writeTree(directory.at('tasks.d'), manifests(tasks));
    return directory.at('tasks.d');
  };
}

/** As git-sync and the kubelet do: the link is made aside and renamed into place. */
export async function pointLink(link: string, target: string): Promise<void> {
  await symlink(target, `${link}_tmp`);
  await rename(`${link}_tmp`, link);
}

async function statusPaths(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(({ name }) => name.endsWith('.status.json'));
  return files.map(({ parentPath, name }) => relative(directory, join(parentPath, name))).sort();
}

function isEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
