import type { ResolvedTask } from '../../model/desired.ts';
import { err, ok, type Result } from '../../model/result.ts';
import type { RemoteLocation, TaskSpec } from '../../model/task.ts';
import { formatBandwidth } from '../../rclone/bandwidth.ts';
import { filterList } from '../../rclone/filter-rule.ts';
import { passingFlags } from '../../rclone/passing-flag.ts';
import { within } from '../local-side.ts';
import { reverseTask, selectionOf } from './reverse-task.ts';

/** What a manifest can be told of a restore. */
export interface ReversedOrder {
  readonly directory: string;
  readonly backup: string | null;
  /** Patterns, within what the task selects. */
  readonly include: readonly string[];
}

const maxNameLength = 52;

/** A manifest, as an object, of a task that restores another: not enabled, to be looked at and run by hand. */
export async function reversedManifest(task: ResolvedTask, order: ReversedOrder): Promise<Result<object, string>> {
  const reversed = reverseTask(task, order.directory);
  if (!reversed.ok) return reversed;
  const remote = remoteOf(task, order.backup);
  if (!remote.ok) return remote;
  const own = reversed.value.spec;
  if (order.include.length > 0 && own.include.length > 0) {
    return err(`task ${task.name} has an include of its own, and a manifest cannot hold two; leave out --write`);
  }
  const spec = { ...own, include: [...own.include, ...order.include] };
  const { encryption } = spec;
  const bandwidth = formatBandwidth(spec.bandwidthLimit);
  const flags = passingFlags(spec.rcloneFlags);
  return ok({
    apiVersion: 'cloudsync/v1',
    kind: 'CloudSyncTask',
    metadata: { name: `${task.name.slice(0, maxNameLength - '-restore'.length)}-restore` },
    spec: {
      description: `Brings back what ${task.name} has put at its remote`,
      direction: 'PULL',
      transferMode: 'COPY',
      path: order.directory,
      remote: remote.value,
      enabled: false,
      ...filtersOf(spec, order.backup === null, await selectionOf(task)),
      ...(encryption === null ? {} : { encryption: encryptionOf(encryption) }),
      ...(bandwidth === null ? {} : { bandwidthLimit: bandwidth.split(' ') }),
      ...(spec.transfers === null ? {} : { transfers: spec.transfers }),
      ...(spec.createEmptySourceDirectories ? { createEmptySourceDirectories: true } : {}),
      ...(spec.fastList ? { fastList: true } : {}),
      ...(Object.keys(flags).length === 0 ? {} : { rcloneFlags: flags }),
    },
  });
}

/** Below encrypted names a folder has a name that only rclone can tell, and that a manifest cannot say. */
function remoteOf({ name, spec }: ResolvedTask, backup: string | null): Result<object, string> {
  if (backup === null) return ok(written(spec.remote));
  const { backupFolder } = spec.safety;
  if (backupFolder === null) return err(`task ${name} keeps no backups: it has no spec.safety.backupFolder`);
  if (spec.encryption?.filenames === true) {
    return err(`the names of backups of ${name} are encrypted, and a manifest cannot name one; leave out --write`);
  }
  // A leading slash would be another place on some servers.
  const place = spec.remote.folder === '' ? backupFolder : within(spec.remote.folder, backupFolder);
  return ok(written({ ...spec.remote, folder: within(place, backup) }));
}

function written({ credential, rcloneRemote, bucket, folder, options }: RemoteLocation): object {
  return {
    ...(credential === null ? { rcloneRemote } : { credential }),
    ...(bucket === null ? {} : { bucket }),
    ...(folder === '' ? {} : { folder }),
    ...(options === undefined ? {} : { options }),
  };
}

/**
 * A PULL has no list of paths, so their names become filters. The rules that rclone would get say what to write: each
 * that takes something away is an exclude, each that comes before the rest is an include.
 */
function filtersOf(spec: TaskSpec, withBackups: boolean, selection: readonly string[] | null): object {
  const { include } = spec;
  const safety = { ...spec.safety, backupFolder: withBackups ? spec.safety.backupFolder : null };
  const rules = filterList({ include: [], exclude: spec.exclude, safety }, null);
  const own = filterList({ include, exclude: [] }, selection).filter(({ origin }) => origin.field === 'path');
  // What is left out of every task need not be written.
  const exclude = [...rules, ...own].filter(
    ({ text, origin }) => text.startsWith('- ') && text !== '- **' && origin.field !== 'snapshots',
  );
  const selected = own.filter(({ text }) => text.startsWith('+ '));
  const includes = [...include, ...selected.map(patternOf)];
  return {
    ...(exclude.length === 0 ? {} : { exclude: exclude.map(patternOf) }),
    ...(includes.length === 0 ? {} : { include: includes }),
  };
}

function patternOf({ text }: { readonly text: string }): string {
  return text.slice(2);
}

function encryptionOf({ password, salt, filenames }: NonNullable<TaskSpec['encryption']>): object {
  return { password, ...(salt === null ? {} : { salt }), filenames };
}
