import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import type { Event } from '../../src/model/event.ts';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { jsonFile, openWithTask, rclonePid, ready, usePatientRclone } from '../helper/task.ts';

async function clientOf({ state }: Pick<Cloudsync, 'state'>) {
  const client = await connect(state);
  if (client === null) throw new Error('nobody answers');
  return client;
}

interface StatusDocument {
  readonly daemon: { readonly running: boolean; readonly pid: number | null; readonly apply?: string };
  readonly tasks: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly sync: string };
  }[];
}

describe.concurrent('the control API of a daemon', () => {
  test('tells a whole run in order, and ends with the daemon', async () => {
    await using cloudsync = await openWithTask();
    const daemon = await cloudsync.daemon();
    const client = await clientOf(cloudsync);
    const events: Event[] = [];
    const listening = client.events('photos', (line) => events.push(JSON.parse(line) as Event));
    // The stream has begun once a run is heard of on it.
    await eventually('a run is heard from its start to its end', async () => {
      const from = events.length;
      expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
      return events.slice(from).some(({ type }) => type === 'RunFinished') ? true : null;
    });
    const types = events.map(({ type }) => type);
    const start = types.lastIndexOf('RunStarted');
    expect(types.indexOf('RunChange', start)).toBeGreaterThan(start);
    expect(types.at(-1)).toBe('RunFinished');
    await daemon.stop();
    expect(await listening).toEqual({ ok: true, value: undefined });
  });

  test('lets a log be followed until the run ends', async () => {
    await using cloudsync = await openWithTask();
    await usePatientRclone(cloudsync);
    await cloudsync.daemon();
    const running = cloudsync.start(['run', 'photos']);
    const pid = await rclonePid(cloudsync);
    const following = cloudsync.start(['logs', 'photos', '--follow']);
    const client = await clientOf(cloudsync);
    const lines: string[] = [];
    const heard = client.followLog({ task: 'photos', runId: null, follow: true }, (line) => {
      lines.push(line);
      if (line.includes(ready)) process.kill(pid, 'SIGUSR2');
    });
    expect(await heard).toEqual({ ok: true, value: undefined });
    expect(lines[0]).toContain('RunStarted');
    expect(lines.at(-1)).toContain('RunFinished');
    await running.finished;
    const { exitCode, stdout } = await following.finished;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Succeeded');
    expect((await cloudsync.run('logs', 'photos', '--follow', '--run', '../../x')).stderr).toContain('there is no run');
  });

  test('follows nothing where no daemon is, and says so', async () => {
    await using cloudsync = await openWithTask();
    await cloudsync.run('run', 'photos');
    const { exitCode, stdout, stderr } = await cloudsync.run('logs', 'photos', '--follow');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'No daemon is running, so there is nothing to follow.\n',
    });
    expect(stdout).toContain('Succeeded');
    expect(await cloudsync.run('events')).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('no daemon') });
  });

  test('answers for the status, which is true where no file says it', async () => {
    await using cloudsync = await openWithTask();
    const state = cloudsync.directory.at('state');
    Object.assign(cloudsync.environment, { CLOUDSYNC_STATE_DIR: state });
    const daemon = await cloudsync.daemon('--watch', 'off');
    const file = cloudsync.directory.at('tasks.d/photos.status.json');
    await jsonFile(file);
    await rm(file);
    const { document } = await cloudsync.json<StatusDocument>('status');
    expect(document.daemon).toMatchObject({ running: true, pid: daemon.pid, apply: 'auto', unavailable: null });
    expect(document.tasks).toMatchObject([{ metadata: { name: 'photos' }, status: { sync: 'Synced' } }]);

    await rm(cloudsync.tasks, { recursive: true });
    expect(await (await clientOf({ state })).reconcile()).toMatchObject({ ok: false });
    expect(await cloudsync.run('status')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('photos'),
      stderr: expect.stringMatching(/^cloudsync: since 2\S+Z: .*tasks\.d/m),
    });
  });

  test('and a daemon that is stopped is told apart from none', async () => {
    await using cloudsync = await openWithTask();
    const daemon = await cloudsync.daemon();
    daemon.signal('SIGSTOP');
    const clock = fakeClock();
    const connecting = connect(cloudsync.state, clock);
    await eventually('it waits for an answer', () => (clock.timers === 1 ? true : null));
    clock.advance(10_000);
    const client = await connecting;
    expect(await client?.reconcile()).toEqual({
      ...{ ok: false, error: expect.stringContaining(`process ${daemon.pid} holds ${cloudsync.state}`) },
    });
    daemon.signal('SIGCONT');
    expect((await (await clientOf(cloudsync)).reconcile()).ok).toBe(true);
  });
});
