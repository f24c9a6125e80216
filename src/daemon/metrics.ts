import type { Metric } from 'prom-client';
import type { DaemonStatus } from '../model/daemon-status.ts';
import type { Emit } from '../model/event.ts';
import type { TaskStatus } from '../model/status.ts';
import { daemonGauges, taskGauges } from './metric-table.ts';

/** Numbers for Prometheus. */
export interface Metrics {
  /** Counts what happens. */
  readonly note: Emit;
  render(): Promise<Rendered>;
}

interface Rendered {
  readonly contentType: string;
  readonly text: string;
}

interface MetricsFacts {
  /** Of every task that is applied, by name. No series is about any other. */
  tasks(): ReadonlyMap<string, TaskStatus>;
  daemon(): DaemonStatus;
  /** Milliseconds since the epoch. */
  now(): number;
}

const prefix = 'cloudsync_';
/** From a second to a day. */
const buckets = [1, 10, 60, 300, 900, 3_600, 10_800, 43_200, 86_400];

/** The library is loaded only where somebody may ask. */
export async function createMetrics(facts: MetricsFacts): Promise<Metrics> {
  const { Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const common = (name: string, help: string) => ({ name: `${prefix}${name}`, help, registers: [registry] });
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ ...common(name, help), labelNames });

  const byTask = taskGauges.map((each) => ({
    ...{ value: each.value, gauge: new Gauge({ ...common(each.name, each.help), labelNames: ['task'] }) },
  }));
  const ofDaemon = daemonGauges.map((each) => ({ value: each.value, gauge: new Gauge(common(each.name, each.help)) }));
  const missed = counter('missed_total', 'How many scheduled runs did not take place', 'task');
  const runs = counter('runs_total', 'Runs that have ended since the daemon started', 'task', 'outcome');
  const bytes = counter('bytes_total', 'Bytes that runs have transferred since the daemon started', 'task');
  const deletes = counter('deletes_total', 'Files that runs have deleted since the daemon started', 'task');
  const durations = new Histogram({
    ...common('run_duration_seconds', 'How long runs took, in seconds, since the daemon started'),
    ...{ labelNames: ['outcome'], buckets },
  });
  const build = new Gauge({ ...common('build_info', '1, with the version'), labelNames: ['version', 'node'] });
  let rendering: Promise<Rendered> | null = null;
  build.set({ version: facts.daemon().version, node: process.versions.node }, 1);

  function lookUp(tasks: ReadonlyMap<string, TaskStatus>): void {
    for (const { gauge } of [...byTask, ...ofDaemon]) gauge.reset();
    missed.reset();
    for (const [task, status] of tasks) {
      for (const { gauge, value } of byTask) {
        const number = value(status);
        if (number !== null) gauge.set({ task }, number);
      }
      missed.inc({ task }, status.schedule.missed);
    }
    const daemon = { ...facts.daemon(), now: facts.now() };
    for (const { gauge, value } of ofDaemon) {
      const number = value(daemon);
      // A gauge without labels is 0 after a reset, which would be a claim.
      if (number === null) gauge.remove();
      else gauge.set(number);
    }
  }

  async function render(): Promise<Rendered> {
    const tasks = facts.tasks();
    lookUp(tasks);
    for (const each of [runs, bytes, deletes]) await forget(each, tasks);
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  return {
    note(event) {
      if (event.type !== 'RunFinished' || event.record.dryRun) return;
      const { task, record } = event;
      const { outcome, stats, startedAt, finishedAt } = record;
      runs.inc({ task, outcome });
      bytes.inc({ task }, stats.bytes);
      deletes.inc({ task }, stats.deletes);
      durations.observe({ outcome }, Math.max(0, finishedAt - startedAt) / 1000);
    },
    render() {
      // Who asks meanwhile is told the same: of ten thousand tasks it takes a while.
      rendering ??= render().finally(() => {
        rendering = null;
      });
      return rendering;
    },
  };
}

/** A task that is gone leaves no series behind. */
async function forget(metric: Metric, tasks: ReadonlyMap<string, TaskStatus>): Promise<void> {
  const { values } = await metric.get();
  for (const { labels } of values) {
    const { task } = labels;
    if (task !== undefined && !tasks.has(String(task))) metric.remove(labels);
  }
}
