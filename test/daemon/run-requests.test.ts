import { describe, expect, test } from 'vitest';
import { createRunRequests } from '../../src/daemon/run-requests.ts';
import type { ActiveTask } from '../../src/model/active.ts';
import type { Event } from '../../src/model/event.ts';
import { activeTask, runRecord, taskSpec } from '../helper/build.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { bookIn } from '../run/book.ts';
import { eventCollector } from '../run/event-collector.ts';
import { temporaryState } from '../state/open-state.ts';
import { fakeRunner } from './fake-runner.ts';

function asking(pending: string | null, part: Parameters<typeof taskSpec>[0] = {}): ActiveTask {
  return activeTask('photos', { spec: taskSpec(part), runTokens: { handled: 'before', pending } });
}

async function requesting(task: ActiveTask) {
  const state = await temporaryState();
  const onDisk = await bookIn(state.state);
  const runner = fakeRunner();
  const told = eventCollector();
  const tasks = new Map([[task.name, task]]);
  const requests = createRunRequests({
    ...{ runner, book: onDisk.book, clock: fakeClock(), emit: told.emit, active: () => tasks },
    keep: async (kept) => {
      tasks.set(kept.name, kept);
    },
  });
  const started = (runId: string): Event => ({
    ...{ type: 'RunStarted', task: 'photos', runId, trigger: 'annotation', dryRun: false, at: 0, specHash: '' },
  });
  return {
    ...{ requests, runner, told, tasks, book: onDisk.book, started },
    tokens: () => tasks.get('photos')?.runTokens,
    async end(runId: string) {
      await runner.end('photos');
      requests.follow({ type: 'RunFinished', task: 'photos', runId, record: runRecord({ id: runId }) });
    },
    async [Symbol.asyncDispose]() {
      await onDisk.book.flush();
      await onDisk[Symbol.asyncDispose]();
      await state[Symbol.asyncDispose]();
    },
  };
}

describe('a run that a commit asks for', () => {
  test('starts once, and is noted as handled once the journal has it', async () => {
    await using world = await requesting(asking('now'));
    world.requests.look();
    world.requests.look();
    expect(world.runner.requests).toMatchObject([{ trigger: 'annotation', token: 'now', scheduledFor: null }]);
    expect(world.tokens()).toEqual({ handled: 'before', pending: 'now' });
    world.requests.follow(world.started('run-1'));
    expect(world.tokens()).toEqual({ handled: 'now', pending: null });
    await world.end('run-1');
    world.requests.look();
    expect(world.runner.requests).toHaveLength(1);
  });

  test('is not started where nothing is asked for', async () => {
    await using world = await requesting(asking(null));
    world.requests.look();
    world.requests.follow(world.started('other'));
    world.requests.follow({ type: 'RunSkipped', task: 'photos', scheduledFor: 0, reason: 'for a test' });
    expect(world.runner.requests).toEqual([]);
  });

  test('waits for the run in flight', async () => {
    await using world = await requesting(asking('now'));
    world.runner.start({ task: activeTask(), trigger: 'schedule', scheduledFor: 1 });
    world.requests.look();
    expect(world.runner.requests).toHaveLength(1);
    expect(world.runner.stopped).toEqual([]);
    await world.end('run-1');
    expect(world.runner.requests[1]).toMatchObject({ token: 'now' });
  });

  test('takes the place of the run in flight where the task says so', async () => {
    await using world = await requesting(asking('now', { concurrency: 'Replace' }));
    world.runner.start({ task: activeTask(), trigger: 'schedule', scheduledFor: 1 });
    world.requests.look();
    expect(world.runner.stopped).toEqual(['photos']);
  });

  test('is not repeated when the daemon died before it was noted', async () => {
    await using world = await requesting(asking('now'));
    await world.book.enter(runRecord({ token: 'now', outcome: 'Interrupted' }), { successful: 1, failed: 1 });
    world.requests.look();
    expect(world.runner.requests).toEqual([]);
    expect(world.tokens()).toEqual({ handled: 'now', pending: null });
  });

  test('is told to be none where the task is not enabled', async () => {
    await using world = await requesting(asking('now', { enabled: false }));
    world.requests.look();
    expect(world.runner.requests).toEqual([]);
    expect(world.told.all('RunSkipped')).toMatchObject([
      { task: 'photos', reason: 'cloudsync/run-at: it is not enabled' },
    ]);
    expect(world.tokens()).toEqual({ handled: 'now', pending: null });
  });

  test('and is asked for anew before it begins has two', async () => {
    await using world = await requesting(asking('now'));
    world.requests.look();
    world.tasks.set('photos', asking('again'));
    world.requests.follow(world.started('run-1'));
    expect(world.tokens()).toEqual({ handled: 'now', pending: 'again' });
    await world.end('run-1');
    expect(world.runner.requests.map(({ token }) => token)).toEqual(['now', 'again']);
  });

  test('of a task that went meanwhile is forgotten', async () => {
    await using world = await requesting(asking('now'));
    world.requests.look();
    world.tasks.clear();
    world.requests.follow(world.started('run-1'));
    expect(world.tokens()).toBeUndefined();
  });
});
