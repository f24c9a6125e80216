import type { Evidence } from './evidence.ts';
import type { RcloneExit } from './process.ts';

/** A whole side that cannot be listed: nothing is known about what is in it. */
const wholeSide = /^error reading (?:source|destination) root directory/;
/** Took no notice, uncategorised, directory not found, worth another attempt: the codes of a run that went on to its end. */
const wentOn = [0, 1, 3, 5];

/** Whether rclone failed because of single files or folders, and dealt with everything else. */
export function isPartialTrouble(
  { exitCode }: Pick<RcloneExit, 'exitCode'>,
  { failures, stats, words }: Pick<Evidence, 'failures' | 'stats' | 'words'>,
): boolean {
  if (failures.length === 0 || stats === null || stats.fatalError) return false;
  return wentOn.includes(exitCode ?? 0) && !words.some((text) => wholeSide.test(text));
}
