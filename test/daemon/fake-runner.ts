import type { ActiveRun, RunRecord } from '../../src/model/run.ts';
import type { Runner, RunRequest } from '../../src/run/runner.ts';
import { runRecord } from '../helper/build.ts';

/** Runs that begin and end when the test says so. */
export interface FakeRunner extends Runner {
  readonly requests: RunRequest[];
  /** Tasks whose run somebody has asked to end. */
  readonly stopped: string[];
  /** Ends the run of a task, and resolves when everyone who waited for that has been told. */
  end(task: string, part?: Partial<RunRecord>): Promise<void>;
}

interface Running {
  readonly runId: string;
  readonly finished: Promise<RunRecord>;
  readonly settle: (record: RunRecord) => void;
}

function activeRun(id: string): ActiveRun {
  const waiting = { waitingFor: null, pid: null, progress: null };
  return { id, trigger: 'schedule', startedAt: 0, specHash: '', attempt: 1, ...waiting };
}

export function fakeRunner(): FakeRunner {
  const requests: RunRequest[] = [];
  const stopped: string[] = [];
  const running = new Map<string, Running>();
  return {
    ...{ requests, stopped },
    start(request) {
      const { name } = request.task;
      const busy = running.get(name);
      if (busy !== undefined) return { kind: 'busy', runId: busy.runId, finished: busy.finished };
      requests.push(request);
      const runId = `run-${requests.length}`;
      let settle: (record: RunRecord) => void = () => undefined;
      const finished = new Promise<RunRecord>((resolve) => {
        settle = resolve;
      });
      running.set(name, { runId, finished, settle });
      return { kind: 'started', runId, finished };
    },
    async end(task, part) {
      const run = running.get(task);
      if (run === undefined) throw new Error(`${task} does not run`);
      running.delete(task);
      run.settle(runRecord({ id: run.runId, task, ...part }));
      await run.finished;
      await Promise.resolve();
    },
    stop(task) {
      if (running.has(task)) stopped.push(task);
      return running.has(task);
    },
    stopAll: () => undefined,
    activeRun: (task) => (running.has(task) ? activeRun(running.get(task)?.runId ?? '') : null),
    get running() {
      return running.size;
    },
    drain: async () => undefined,
  };
}
