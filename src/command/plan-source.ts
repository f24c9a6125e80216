import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { connect } from '../daemon/control-client.ts';
import { createManifestReader, type ManifestReader } from '../daemon/manifest-reader.ts';
import { createProviderSearch } from '../daemon/provider-search.ts';
import { reconcile } from '../daemon/reconcile.ts';
import type { Settings } from '../daemon/settings.ts';
import { type ActiveSet, type ActiveTask, type CredentialOwners, noOwners } from '../model/active.ts';
import { runToken } from '../model/annotation.ts';
import { systemClock } from '../model/clock.ts';
import type { Desired } from '../model/desired.ts';
import type { Comparison } from '../model/plan.ts';
import { err, ok, type Result, unreachable } from '../model/result.ts';
import type { ReadableFile, Snapshot } from '../model/snapshot.ts';
import { systemWords } from '../model/system-error.ts';
import { isCommitHook } from '../source/git.ts';
import { snapshotOfRevision } from '../source/revision.ts';
import { takeSnapshot } from '../source/snapshot.ts';
import { readApplied } from '../state/active-store.ts';
import { readApprovedPrune } from '../state/approved-prune.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { parseState } from '../state/state-export.ts';
import type { Applied } from './apply-now.ts';
import { passOfDaemon } from './daemon-pass.ts';
import { exitCodes } from './exit-code.ts';
import type { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** What stands for the active tasks. */
export type PlanSource =
  | { readonly kind: 'active' }
  /** The manifests of a Git revision. */
  | { readonly kind: 'base'; readonly ref: string }
  /** A file that `state pull` made. */
  | { readonly kind: 'state'; readonly file: string };

/** One side of a plan. */
interface ActiveSide {
  readonly active: ActiveSet;
  readonly owners: CredentialOwners;
  readonly approvedPrune: string | null;
  readonly comparedWith: Comparison | null;
  /** Where relative paths start from there, if not from the tasks directory of here. */
  readonly baseDirectory: string | null;
}

/** The same pass as an apply, up to where it would write; of the daemon, where that would apply. */
export async function preview(settings: Settings, source: PlanSource, shell: Shell): Promise<Result<Applied, Failure>> {
  const startedByGit = isCommitHook(shell.environment);
  // The daemon reads what is checked out, and a hook asks about what is about to be committed.
  const client = source.kind === 'active' && !startedByGit ? await connect(settings.stateDirectory) : null;
  if (client?.identity.command === 'daemon') return passOfDaemon(await client.plan(), client.identity, settings);
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null, startedByGit });
  if (!snapshot.ok) return err({ message: snapshot.error.message, exitCode: exitCodes.failed });
  const read = createManifestReader({ settings, search: createProviderSearch(settings, shell.environment) });
  const side = await activeSide(source, { settings, shell, read, snapshot: snapshot.value });
  if (!side.ok) return err({ message: side.error, exitCode: exitCodes.failed });
  const { active, owners, approvedPrune, comparedWith, baseDirectory } = side.value;
  const from = { ...snapshot.value, baseDirectory: baseDirectory ?? snapshot.value.baseDirectory };
  const desired = await read(from, active, owners);
  const input = { ...settings, desired, active, owners, approvedPrune, now: systemClock.now(), expected: null };
  const { plan, applied, failure } = await reconcile({ ...input, absentSince: new Map() }, null);
  return ok({ plan: comparedWith === null ? plan : { ...plan, comparedWith }, applied, failure, daemon: false });
}

interface Surroundings {
  readonly settings: Settings;
  readonly shell: Shell;
  readonly read: ManifestReader;
  readonly snapshot: Snapshot;
}

async function activeSide(source: PlanSource, surroundings: Surroundings): Promise<Result<ActiveSide, string>> {
  switch (source.kind) {
    case 'active': {
      const state = stateDirectory(surroundings.settings.stateDirectory);
      const applied = await readApplied(state);
      if (!applied.ok) return applied;
      return ok({
        active: applied.value.tasks,
        owners: applied.value.owners,
        approvedPrune: await readApprovedPrune(state),
        comparedWith: null,
        baseDirectory: null,
      });
    }
    case 'base':
      return sideOfRevision(source.ref, surroundings);
    case 'state':
      return sideOfFile(source.file, surroundings);
    default:
      return unreachable(source);
  }
}

async function sideOfRevision(ref: string, surroundings: Surroundings): Promise<Result<ActiveSide, string>> {
  const { read, shell, snapshot } = surroundings;
  const base = await snapshotOfRevision({ reference: ref, snapshot, environment: shell.environment });
  if (!base.ok) return base;
  const desired = await read(sharing(base.value, snapshot), new Map());
  const { revision } = base.value;
  const invalid = [...desired.invalid.keys()].sort();
  const comparedWith: Comparison = { kind: 'base', ref, revision: revision ?? '', invalid };
  return ok({
    active: asActive(desired),
    owners: noOwners,
    approvedPrune: null,
    comparedWith,
    baseDirectory: null,
  });
}

/** Of thousands of files most are the same on both sides, and the reader parses the same file once. */
function sharing(base: Snapshot, { files }: Snapshot): Snapshot {
  const keyOf = ({ path, sha256 }: ReadableFile) => `${sha256} ${path}`;
  const known = new Map(files.flatMap((file) => (file.state === 'readable' ? [[keyOf(file), file] as const] : [])));
  const shared = base.files.map((file) => (file.state === 'readable' ? (known.get(keyOf(file)) ?? file) : file));
  return { ...base, files: shared };
}

/** As if the manifests had just been applied; when that was says nothing in a plan. */
function asActive({ tasks, revision }: Desired): ActiveSet {
  const active = [...tasks.values()].map((task): ActiveTask => {
    const runTokens = { handled: runToken(task.annotations), pending: null };
    return { ...task, generation: 1, revision, appliedAt: 0, scheduledSince: 0, runTokens };
  });
  return new Map(active.map((task) => [task.name, task]));
}

async function sideOfFile(file: string, { shell }: Surroundings): Promise<Result<ActiveSide, string>> {
  const text = await readFile(resolve(shell.workingDirectory, file), 'utf8').then(
    (content) => ok(content),
    (error: unknown) => err(`cannot be read: ${systemWords(error)}`),
  );
  const state = text.ok ? parseState(text.value) : text;
  if (!state.ok) return err(`${file} ${state.error}`);
  const { tasks, tasksDirectory } = state.value;
  return ok({
    active: tasks,
    owners: noOwners,
    approvedPrune: null,
    baseDirectory: tasksDirectory,
    comparedWith: { kind: 'state', file },
  });
}
