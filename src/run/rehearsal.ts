import type { Event } from '../model/event.ts';
import { noStats } from '../model/run.ts';
import { failureText } from '../rclone/evidence.ts';
import type { LogLine, RcloneStats } from '../rclone/log-line.ts';
import { isPartialTrouble } from '../rclone/partial-trouble.ts';
import type { Ending } from './ending.ts';
import type { Job } from './job.ts';
import type { RunOrder } from './run-order.ts';
import { endingOf, execute, type TransferTools } from './transfer.ts';

/** What a run would do, found out by rclone's dry run with the arguments of the run. */
export interface Rehearsal {
  /** How the dry run ended. Unless `complete`, it has not seen everything. */
  readonly ending: Ending;
  readonly complete: boolean;
  /** It failed, and for no other reason than files or folders that could not be read; each with its reason. */
  readonly unreadable: readonly string[] | null;
  /** Acts of any kind, on times and metadata as well. */
  readonly acts: number;
  /** Files that would be deleted at the destination, or set aside there. */
  readonly deletes: ReadonlySet<string>;
  /** Files that would be written. */
  readonly copies: ReadonlySet<string>;
  /** Files that would be renamed, or replaced with the old one set aside; and those whose time would be set. */
  readonly others: ReadonlySet<string>;
  /** Folders that would be made or removed, or whose time would be set, and anything else that is no file. */
  readonly places: ReadonlySet<string>;
  /** Files that are at the destination now, within the filters: so many at least. */
  readonly destinationFiles: number;
  /** Files at both sides: so many at least. */
  readonly pairs: number;
  /** Names at the source that its encryption cannot read. */
  readonly undecryptable: number;
  /** What rclone said; told only when the run ends here, as otherwise the run itself says it again. */
  readonly messages: readonly Event[];
}

const maxMessages = 1000;

/** Runs rclone's dry run. A dry run of the task tells what would change; for a run of it this is a look ahead. */
export async function rehearse(order: RunOrder, job: Job, tools: TransferTools): Promise<Rehearsal> {
  const deletes = new Set<string>();
  const copies = new Set<string>();
  const others = new Set<string>();
  const places = new Set<string>();
  const messages: Event[] = [];
  let acts = 0;

  function hear(line: LogLine): void {
    if (line.kind !== 'skipped') return;
    acts += 1;
    setOf(line).add(line.path);
  }

  function setOf({ change }: Extract<LogLine, { kind: 'skipped' }>): Set<string> {
    switch (change?.action) {
      case 'delete':
        return deletes;
      case 'copy':
        return copies;
      case 'move':
      case 'update':
        return others;
      default:
        return places;
    }
  }

  function tell(event: Event): void {
    if (event.type === 'RunChange' && order.dryRun) tools.emit(event);
    if (event.type === 'RunLog' && messages.length < maxMessages) messages.push(event);
    // What a dry run counts as sent is not sent.
    if (event.type === 'RunProgress') tools.emit({ ...event, progress: { ...idle, checks: event.progress.checks } });
  }

  const simulated: Job = { ...job, transfer: { ...job.transfer, dryRun: true, maxDelete: null } };
  const execution = await execute({ ...order, dryRun: true }, simulated, { ...tools, emit: tell }, hear);
  const { exit, evidence } = execution;
  const ended = endingOf(order, job, execution);
  const complete = exit.exitCode === 0 && evidence.leftOut === 0;
  const checks = evidence.stats?.checks ?? 0;
  const destinationFiles = leastFiles(evidence.stats, deletes.size);
  return {
    ending: order.dryRun ? ended : { ...ended, stats: { ...noStats, checks } },
    complete,
    unreadable:
      ended.outcome === 'Failed' && isPartialTrouble(exit, evidence) ? evidence.failures.map(failureText) : null,
    acts,
    deletes,
    copies,
    others,
    places,
    destinationFiles,
    pairs: Math.max(0, destinationFiles - deletes.size),
    undecryptable: evidence.remarks.undecryptable?.count ?? 0,
    messages,
  };
}

const idle = {
  bytes: 0,
  totalBytes: 0,
  transfers: 0,
  totalTransfers: 0,
  checks: 0,
  deletes: 0,
  errors: 0,
  speed: 0,
  etaSeconds: null,
};

/**
 * rclone counts a check for each file that is at both sides, and one for each that it deletes; a rename counts up to two
 * more, and so does a file that is set aside before it is replaced.
 */
function leastFiles(stats: RcloneStats | null, deletes: number): number {
  return stats === null ? deletes : Math.max(deletes, stats.checks - 2 * stats.renames);
}
