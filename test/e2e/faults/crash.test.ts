import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ActiveTask } from '../../../src/model/active.ts';
import { jitterOf } from '../../../src/schedule/jitter.ts';
import { activeLine } from '../../../src/state/active-log.ts';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { isAlive, kill } from '../../helper/process-tree.ts';
import {
  addCredential,
  addTask,
  openWithTask,
  rclonePid,
  ready,
  usePatientRclone,
  useScript,
} from '../../helper/task.ts';

type Runs = readonly { readonly id: string; readonly outcome: string; readonly trigger: string }[];

describe.concurrent('a daemon that is killed in mid-run', () => {
  test('enters the run as interrupted once, and ends the rclone that was left', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const first = await cloudsync.daemon();
    const running = cloudsync.start(['run', 'photos']);
    const { runId } = await first.logged('RunLog', { line: ready });
    const orphan = await rclonePid(cloudsync);

    first.signal('SIGKILL');
    await first.ended();
    expect((await running.finished).exitCode).toBe(1);
    expect(isAlive(orphan)).toBe(true);

    const second = await cloudsync.daemon();
    expect(isAlive(orphan)).toBe(false);
    expect(second.lines.filter(({ event }) => event === 'RunStarted')).toEqual([]);
    const { document } = await cloudsync.json<Runs>('history', 'photos');
    expect(document).toMatchObject([{ id: runId, outcome: 'Interrupted', trigger: 'manual' }]);
    await second.stop();

    await useScript(cloudsync);
    await cloudsync.daemon();
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    const later = await cloudsync.json<Runs>('history', 'photos');
    expect(later.document.map(({ outcome }) => outcome)).toEqual(['Succeeded', 'Interrupted']);
  });

  test('ends a real rclone too', async () => {
    await using cloudsync = await openWithTask({ bandwidthLimit: '1k' }, { 'large.bin': 'x'.repeat(1024 * 1024) });
    const first = await cloudsync.daemon();
    const running = cloudsync.start(['run', 'photos']);
    const rclone = await rclonePid(cloudsync);
    first.signal('SIGKILL');
    await running.finished;

    await cloudsync.daemon();

    expect(isAlive(rclone)).toBe(false);
    const { document } = await cloudsync.json<Runs>('history', 'photos');
    expect(document).toMatchObject([{ outcome: 'Interrupted' }]);
  });

  test('does not touch a stranger that has the number of the process now', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    const first = await cloudsync.daemon();
    cloudsync.start(['run', 'photos']);
    await first.logged('RunLog', { line: ready });
    const stranger = await rclonePid(cloudsync);
    first.signal('SIGKILL');
    await first.ended();
    await withActive(cloudsync, 'journal.ndjson', (text) => text.replace(/"startTime":"\d+"/, '"startTime":"1"'));

    await cloudsync.daemon();

    expect(isAlive(stranger)).toBe(true);
    kill(stranger);
  });
});

describe.concurrent('a run that was missed while no daemon ran', () => {
  const day = 24 * 60 * 60 * 1000;
  /** After an outage starts are spread by name; this one is due at once. */
  const name = soonest();

  test('is made up for, once', async () => {
    await using cloudsync = await openApplied(name, { cron: '0 0 * * *', deadline: '7d' });

    const daemon = await cloudsync.daemon();
    await daemon.logged('RunFinished', { task: name, trigger: 'catchup', outcome: 'Succeeded' });
    await daemon.stop();
    await cloudsync.daemon();

    const { document } = await cloudsync.json<Runs>('history', name);
    expect(document.map(({ trigger }) => trigger)).toEqual(['catchup']);
  });

  test.for([
    [{ missedRuns: 'Skip', deadline: '7d' }, 'missed runs are skipped'],
    [{ deadline: '1s' }, 'its deadline is over'],
  ] as const)('is skipped by %j', async ([schedule, reason]) => {
    await using cloudsync = await openApplied(name, { cron: '0 0 * * *', ...schedule });

    const daemon = await cloudsync.daemon();

    expect(await daemon.logged('RunSkipped', { task: name })).toMatchObject({ reason });
    const status = await cloudsync.json<{ readonly tasks: readonly object[] }>('status', name);
    expect(status.document.tasks).toMatchObject([
      { status: { schedule: { missed: expect.any(Number) }, lastRun: null } },
    ]);
  });

  /** As if it had been applied three days ago, by a daemon that ended at once. */
  async function openApplied(task: string, schedule: object): Promise<Cloudsync> {
    const cloudsync = await openCloudsync();
    await addCredential(cloudsync);
    await addTask(cloudsync, task, { schedule });
    await cloudsync.run('apply');
    await withActive(cloudsync, 'active.ndjson', (text) =>
      text.replace(/^.+\n/gm, (line) => {
        const { task } = JSON.parse(line) as { readonly task?: ActiveTask };
        if (task === undefined) return line;
        const { appliedAt, scheduledSince } = task;
        const earlier = { ...task, appliedAt: appliedAt - 3 * day, scheduledSince: scheduledSince - 3 * day };
        return activeLine({ type: 'set', task: earlier });
      }),
    );
    return cloudsync;
  }
});

async function withActive(cloudsync: Cloudsync, file: string, change: (text: string) => string): Promise<void> {
  const path = `${cloudsync.state}/${file}`;
  const text = await readFile(path, 'utf8');
  if (change(text) === text) throw new Error(`Nothing to change in ${text}`);
  await writeFile(path, change(text));
}

function soonest(): string {
  const names = Array.from({ length: 5000 }, (_, index) => `task-${index}`);
  const found = names.find((each) => jitterOf(each, 5 * 60_000) < 200);
  if (found === undefined) throw new Error('No name is due at once');
  return found;
}
