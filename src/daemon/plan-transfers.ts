import type { ResolvedTask } from '../model/desired.ts';
import type { Emit } from '../model/event.ts';
import type { Change, Plan, Transfers } from '../model/plan.ts';
import type { FileChange, RunRecord } from '../model/run.ts';

export interface TransferTools {
  /** A dry run of a task, whose events the listener hears. */
  simulate(task: ResolvedTask, listener: Emit, signal: AbortSignal): Promise<RunRecord>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** How many of the dry runs have ended, and of which task the last one was. */
export interface TransferProgress {
  readonly done: number;
  readonly total: number;
  readonly task: string;
}

/** Each may list whole remotes. */
const atOnce = 4;

/** Of many, the first by name. */
const named = 5;

/** Adds to each task that is created or changed what its next run would do to files. */
export async function withTransfers(plan: Plan, { simulate, signal, onProgress }: TransferTools): Promise<Plan> {
  const tasks = plan.changes.flatMap(changedTask);
  const found = new Map<string, Transfers>();
  const waiting = tasks.values();

  async function work(): Promise<void> {
    for (const task of waiting) {
      if (signal.aborted) return;
      const tally = createTally();
      const record = await simulate(task, tally.listen, signal);
      const { outcome, lastError, warnings } = record;
      found.set(task.name, { outcome, lastError, warnings, ...tally.counts() });
      onProgress({ done: found.size, total: tasks.length, task: task.name });
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  const changes = plan.changes.map((change) => {
    const transfers = changedTask(change).length === 0 ? undefined : found.get(change.name ?? '');
    return transfers === undefined ? change : { ...change, transfers };
  });
  return { ...plan, changes };
}

/** What a guard holds back stays as it is, and so does what only moves. */
function changedTask({ action, after }: Change): readonly ResolvedTask[] {
  return after !== null && (action === 'create' || action === 'update') ? [after] : [];
}

type Kind = keyof Transfers['first'];

const kinds: Readonly<Partial<Record<FileChange['action'], Kind>>> = {
  copy: 'copy',
  update: 'copy',
  move: 'move',
  delete: 'delete',
};

/** Counts, and keeps no more names than are shown: there may be millions. */
function createTally() {
  const counts = { copy: 0, move: 0, delete: 0 };
  const first: Record<Kind, string[]> = { copy: [], move: [], delete: [] };
  let bytes = 0;
  return {
    listen: ((event) => {
      if (event.type !== 'RunChange') return;
      const { action, path, size = 0 } = event.change;
      const kind = kinds[action];
      if (kind === undefined) return;
      counts[kind] += 1;
      if (kind !== 'delete') bytes += size;
      first[kind] = [...first[kind], path].sort().slice(0, named);
    }) satisfies Emit,
    counts: () => ({ copies: counts.copy, moves: counts.move, deletes: counts.delete, bytes, first }),
  };
}
