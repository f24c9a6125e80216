import { isBackupOf, runOfBackup, timeOfBackup } from './backup-name.ts';

/** One run deletes no more folders than this, so that a wrong clock, or a wrong retention, can be noticed. */
export const mostExpired = 20;

export interface Expiry {
  readonly task: string;
  readonly retentionMs: number;
  readonly now: number;
  /** When the last success ended, before this run; `null`: none is known. */
  readonly lastSuccessAt: number | null;
}

export interface ExpiredBackups {
  /** Names, the oldest first. */
  readonly expired: readonly string[];
  /** How many more are as old, and are left to later runs. */
  readonly later: number;
  /** What is known to have happened lies in the future, so that no age can be told. */
  readonly clockIsBehind: boolean;
}

/**
 * Which folders of a backup folder are old enough to be deleted. Others than those of the task's own runs never are,
 * and neither is the newest. The age is counted from the last success before this run: after a jump of the clock, the
 * first run still goes by the time before it.
 */
export function expiredBackups(names: readonly string[], expiry: Expiry): ExpiredBackups {
  const { task, retentionMs, now, lastSuccessAt } = expiry;
  const backups = names.flatMap((name) => {
    const at = isBackupOf(task, name) ? timeOfBackup(name) : null;
    return at === null ? [] : [{ name, at }];
  });
  const newest = backups.reduce((latest, { at }) => Math.max(latest, at), 0);
  if (newest > now || (lastSuccessAt ?? now) > now) return { expired: [], later: 0, clockIsBehind: true };
  const reference = lastSuccessAt ?? now;
  const kept = new Set(backups.filter(({ at }) => at === newest).map(({ name }) => runOfBackup(name)));
  const old = backups
    .filter(({ name, at }) => reference - at > retentionMs && !kept.has(runOfBackup(name)))
    .sort((left, right) => left.at - right.at || (left.name < right.name ? -1 : 1));
  const expired = old.slice(0, mostExpired).map(({ name }) => name);
  return { expired, later: old.length - expired.length, clockIsBehind: false };
}
