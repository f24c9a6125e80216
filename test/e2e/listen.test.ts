import { chmod, mkdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import type { DaemonProcess } from '../helper/daemon-process.ts';
import { eventually } from '../helper/eventually.ts';
import { parseExposition } from '../helper/exposition.ts';
import { addCredential, addTask, openWithTask, rclonePid, usePatientRclone } from '../helper/task.ts';

const token = 'canary-0123456789abcdef0123456789abcdef';

async function listen(cloudsync: Cloudsync, ...parameters: readonly string[]) {
  const daemon = await cloudsync.daemon('--listen', '127.0.0.1:0', ...parameters);
  return { daemon, url: await urlOf(daemon) };
}

async function urlOf(daemon: DaemonProcess): Promise<string> {
  const { address } = await daemon.logged('Listening');
  return `http://${String(address)}`;
}

async function get(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
}

describe.concurrent('a daemon that listens', () => {
  test('is ready once the tasks directory has been read, and not while it stops', async () => {
    await using cloudsync = await openCloudsync();
    const away = cloudsync.directory.at('away');
    Object.assign(cloudsync.environment, { CLOUDSYNC_STATE_DIR: cloudsync.directory.at('state') });
    await usePatientRclone(cloudsync);
    const { daemon, url } = await listen(cloudsync, '--tasks', 'away', '--watch', 'off');
    expect(await get(`${url}/healthz`)).toMatchObject({ status: 200 });
    expect(await get(`${url}/readyz`)).toEqual({
      ...{ status: 503, body: '{"ready":false,"reason":"the tasks directory cannot be read (Missing)"}\n' },
    });
    const before = parseExposition((await get(`${url}/metrics`)).body);
    expect(before.get('cloudsync_source_unavailable')?.samples[0]?.value).toBe(1);

    await addCredential(cloudsync);
    await addTask(cloudsync, 'photos');
    await mkdir(away);
    for (const file of ['here.yaml', 'photos.yaml'])
      await cloudsync.directory.write(`away/${file}`, await readText(cloudsync, `tasks.d/${file}`));
    daemon.signal('SIGHUP');
    await daemon.logged('Reconciled');
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 200 });

    const running = cloudsync.start(['--tasks', 'away', 'run', 'photos']);
    const pid = await rclonePid({ ...cloudsync, state: cloudsync.directory.at('state') });
    daemon.signal('SIGTERM');
    await daemon.logged('DaemonStopping');
    expect(await get(`${url}/readyz`)).toMatchObject({ status: 503, body: expect.stringContaining('stopping') });
    process.kill(pid, 'SIGUSR2');
    await running.finished;
    expect(await daemon.ended()).toBe(0);
  });

  test('counts what happens, and names no file', async () => {
    await using cloudsync = await openWithTask({ schedule: 'daily' });
    const { url } = await listen(cloudsync);
    expect((await cloudsync.run('run', 'photos')).exitCode).toBe(0);
    const { body } = await get(`${url}/metrics`);
    const families = parseExposition(body);
    const runs = families.get('cloudsync_runs_total')?.samples;
    expect(runs).toEqual([
      { name: 'cloudsync_runs_total', labels: { task: 'photos', outcome: 'Succeeded' }, value: 1 },
    ]);
    expect(families.get('cloudsync_bytes_total')?.samples[0]?.value).toBe('a letter of photos\n'.length);
    expect(families.get('cloudsync_task_last_success_timestamp_seconds')?.samples).toHaveLength(1);
    expect(families.get('cloudsync_task_next_run_timestamp_seconds')?.samples).toHaveLength(1);
    expect(body).not.toContain('letter.txt');
    expect(body).not.toContain(cloudsync.directory.path);
  });

  test('reconciles when who has the token asks, and keeps the token to itself', async () => {
    await using cloudsync = await openCloudsync();
    await addCredential(cloudsync);
    const file = await cloudsync.directory.write('token', `${token}\n`);
    await chmod(file, 0o600);
    const { daemon, url } = await listen(cloudsync, '--listen-token-file', 'token', '--watch', 'off');
    await addTask(cloudsync, 'photos');
    const post = (headers: Record<string, string>) => fetch(`${url}/-/reconcile`, { method: 'POST', headers });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401);
    const accepted = await post({ authorization: `Bearer ${token}`, 'gitsync-hash': '0123456789abcdef' });
    expect(accepted.status).toBe(200);
    expect(await daemon.logged('ReconcileAsked')).toMatchObject({ revision: '0123456789abcdef' });
    await eventually('the new task is in force', async () =>
      (await get(`${url}/metrics`)).body.includes('cloudsync_task_ready{task="photos"} 1') ? true : null,
    );
    const said = [JSON.stringify(daemon.lines), (await get(`${url}/metrics`)).body];
    const { stdout, stderr } = await cloudsync.run('status', '-o', 'json');
    expect([...said, stdout, stderr].join()).not.toContain(token);
  });

  test('where another listens does not start, and says so', async () => {
    await using cloudsync = await openCloudsync();
    const { url } = await listen(cloudsync);
    const { host } = new URL(url);
    const second = await cloudsync.run('daemon', '--state-dir', 'other', '--listen', host);
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('another process listens there') });
    expect(await cloudsync.run('daemon', '--listen', 'nonsense')).toMatchObject({ exitCode: 64 });
    expect(await cloudsync.run('daemon', '--listen-token-file', 'x')).toMatchObject({ exitCode: 64 });
  });
});

function readText(cloudsync: Cloudsync, path: string): Promise<string> {
  return readFile(cloudsync.directory.at(path), 'utf8');
}
