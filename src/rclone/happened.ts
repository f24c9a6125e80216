import type { FileChange, RunStats } from '../model/run.ts';
import type { Transfer } from './arguments.ts';
import type { LogLine } from './log-line.ts';

/** What a run has done to files so far, by what rclone said of each. Its own totals count steps, and deletions that failed. */
export interface Happened {
  /** The change that a line stands for; `null`: it is a step of one, or of none. */
  take(line: LogLine): FileChange | null;
  counts(): Pick<RunStats, 'transfers' | 'deletes'>;
  /** Files that were set aside to make room for a new version that did not arrive. */
  waiting(): readonly string[];
}

type Step = 'copied' | 'renaming' | 'aside' | 'moved';

/** rclone has at most 10,000 transfers in its queue, and a file is set aside before it comes into it. */
const mostOpen = 20_000;

/**
 * Files are set aside and renamed by a move within the remote or, where it has none, by a copy there and a deletion; all
 * of these look like changes of their own.
 */
export function createHappened({
  operation,
  backupDirectory,
}: Pick<Transfer, 'operation' | 'backupDirectory'>): Happened {
  const setsAside = backupDirectory !== null;
  const open = new Map<string, Step>();
  let transfers = 0;
  let deletes = 0;

  function note(path: string, step: Step): null {
    open.delete(path);
    open.set(path, step);
    const [oldest] = open.keys();
    if (open.size > mostOpen && oldest !== undefined) open.delete(oldest);
    return null;
  }

  function done(kind: 'transfer' | 'delete', change: FileChange): FileChange {
    open.delete(change.path);
    if (kind === 'transfer') transfers += 1;
    else deletes += 1;
    return change;
  }

  /** Moves within the remote are those of a MOVE, of a rename, and of a file that is set aside. */
  function moved(change: FileChange): FileChange | null {
    if (operation !== 'move') return setsAside ? note(change.path, 'aside') : null;
    if (!setsAside) return done('transfer', change);
    // The old version goes aside first, then the new one comes; of a file that is new there is only one move.
    if (open.get(change.path) === 'moved') {
      open.delete(change.path);
      return null;
    }
    transfers += 1;
    note(change.path, 'moved');
    return change;
  }

  function deleted(change: FileChange): FileChange | null {
    const step = open.get(change.path);
    if (step === 'copied') return note(change.path, 'aside');
    if (step !== 'renaming') return done('delete', change);
    open.delete(change.path);
    return null;
  }

  function changed({ change, step }: Extract<LogLine, { kind: 'change' }>): FileChange | null {
    switch (step) {
      case 'copiedThere':
        return setsAside ? note(change.path, 'copied') : done('transfer', change);
      case 'copiedToName':
        return note(change.path, 'renaming');
      case 'movedToName':
        return null;
      case 'movedThere':
        return moved(change);
      case 'setAside':
        return done('delete', change);
      default:
        break;
    }
    if (change.action === 'copy' || change.action === 'move') return done('transfer', change);
    return change.action === 'delete' ? deleted(change) : change;
  }

  function skipped(change: FileChange): FileChange | null {
    if (change.action === 'copy') return done('transfer', change);
    if (change.action === 'delete') return done('delete', change);
    return change.action === 'move' ? moved(change) : change;
  }

  return {
    take(line) {
      if (line.kind === 'change') return changed(line);
      return line.kind === 'skipped' && line.change !== null ? skipped(line.change) : null;
    },
    counts: () => ({ transfers, deletes }),
    waiting: () => [...open].flatMap(([path, step]) => (step === 'aside' ? [path] : [])),
  };
}
