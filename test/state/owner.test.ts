import { fork } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acquireOwnership, connectPath, type Ownership } from '../../src/state/owner.ts';
import { processIdentity } from '../../src/state/process-identity.ts';
import { foldersOf, openState, type StateDirectory } from '../../src/state/state-directory.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { temporaryState } from './open-state.ts';

function versionServer(version: string): Server {
  return createServer((_request, response) => response.end(JSON.stringify({ pid: 4711, version })));
}

async function acquire(state: StateDirectory, version = '1.0.0'): Promise<Ownership> {
  const ownership = await acquireOwnership(state, versionServer(version));
  if (!ownership.ok) throw new Error(ownership.error.message);
  return ownership.value;
}

async function messageOf(state: StateDirectory): Promise<string> {
  const ownership = await acquireOwnership(state, versionServer('2.0.0'));
  return ownership.ok ? 'acquired' : `${ownership.error.kind}: ${ownership.error.message}`;
}

function ask(directory: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectPath(directory);
    const asking = request({ socketPath: socket.path, path: '/v1/version' }, async (answer) => {
      resolve((await answer.setEncoding('utf8').toArray()).join(''));
    });
    asking.on('error', reject);
    asking.on('close', socket.close);
    asking.end();
  });
}

/** Listens on the socket in a process of its own, which dies without a word. */
async function leaveStaleSocket(directory: string): Promise<void> {
  const script = join(directory, 'holder.mjs');
  await writeFile(
    script,
    `import { createServer } from 'node:net'; createServer().listen('daemon.sock', () => process.send('listening'));`,
  );
  const holder = fork(script, { cwd: directory });
  await once(holder, 'message');
  const ended = once(holder, 'exit');
  holder.kill('SIGKILL');
  await ended;
  await rm(script);
}

describe('ownership', () => {
  test('is held by one, who says who it is, until it is released', async () => {
    await using directory = await temporaryState();
    const first = await acquire(directory.state, '1.2.3');
    expect((await stat(directory.at('state/daemon.sock'))).mode & 0o777).toBe(0o600);
    expect(await messageOf(directory.state)).toBe(
      `held: The state directory ${directory.state.path} is held by another Cloudsync (process 4711, version 1.2.3). Stop that one, or name another directory with --state-dir.`,
    );
    expect(JSON.parse(await ask(directory.state.path))).toEqual({ pid: 4711, version: '1.2.3' });
    await first.release();
    expect(await readdir(directory.state.path)).not.toContain('daemon.sock');
    const second = await acquire(directory.state);
    await second.release();
  });

  test('is taken over from a process that was killed', async () => {
    await using directory = await temporaryState();
    await leaveStaleSocket(directory.state.path);
    expect(await readdir(directory.state.path)).toContain('daemon.sock');
    const ownership = await acquire(directory.state);
    expect(await messageOf(directory.state)).toContain('held');
    await ownership.release();
    expect(await readdir(directory.state.path)).not.toContain('daemon.lock');
  });

  test('of many who find a stale socket, one gets it', async () => {
    await using directory = await temporaryState();
    await leaveStaleSocket(directory.state.path);
    const results = await Promise.all(
      Array.from({ length: 8 }, () => acquireOwnership(directory.state, versionServer('1.0.0'))),
    );
    const owners = results.flatMap((result) => (result.ok ? [result.value] : []));
    expect(owners).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.error.kind === 'held')).toHaveLength(7);
    await Promise.all(owners.map((owner) => owner.release()));
  });

  test('of two who find a stale socket, one a moment later, one gets it', async () => {
    await using directory = await temporaryState();
    await leaveStaleSocket(directory.state.path);
    await rename(directory.at('state/daemon.sock'), directory.at('stale.sock'));
    for (let turn = 0; turn < 40; turn += 1) {
      await link(directory.at('stale.sock'), directory.at('state/daemon.sock'));
      const first = acquireOwnership(directory.state, versionServer('1.0.0'));
      for (let passed = 0; passed < turn; passed += 1) await new Promise((resolve) => setImmediate(resolve));
      const results = await Promise.all([first, acquireOwnership(directory.state, versionServer('1.0.0'))]);
      const owners = results.flatMap((result) => (result.ok ? [result.value] : []));
      expect(owners).toHaveLength(1);
      await Promise.all(owners.map((owner) => owner.release()));
    }
  });

  test.each([
    ['that holds nothing', ''],
    ['of a process that has died', JSON.stringify({ ...processIdentity, startTime: '1' })],
    ['of a process that cannot be told', JSON.stringify({ pid: 1 })],
    ['that is no object', '1'],
  ])('a mutex %s does not last', async (_name, content) => {
    await using directory = await temporaryState();
    await leaveStaleSocket(directory.state.path);
    const mutex = await directory.write('state/daemon.lock', content);
    await utimes(mutex, new Date(0), new Date(0));
    await (await acquire(directory.state)).release();
  });

  test('a mutex whose holder lives is waited for', async () => {
    await using directory = await temporaryState();
    await leaveStaleSocket(directory.state.path);
    const mutex = await directory.write('state/daemon.lock', JSON.stringify(processIdentity));
    await utimes(mutex, new Date(0), new Date(0));
    const acquiring = acquire(directory.state);
    await rm(mutex);
    await (await acquiring).release();
  });

  test('works where the path is too long for a socket', async () => {
    await using directory = await temporaryDirectory();
    const deep = directory.at('d'.repeat(100), 'e'.repeat(100));
    await mkdir(deep, { recursive: true });
    const opened = await openState(join(deep, 'state'));
    if (!opened.ok) throw new Error(opened.error);
    await expect(ask(opened.value.path)).rejects.toThrow('ENOENT');
    await leaveStaleSocket(opened.value.path);
    const ownership = await acquire(opened.value, '3.0.0');
    expect(await messageOf(opened.value)).toContain('version 3.0.0');
    expect(JSON.parse(await ask(opened.value.path))).toMatchObject({ version: '3.0.0' });
    await ownership.release();
    expect(await readdir(opened.value.path)).not.toContain('daemon.sock');
    expect(connectPath(join(deep, 'missing')).path).toBe(join(deep, 'missing/daemon.sock'));
  });

  test('the temporary files of a writer that died are removed', async () => {
    await using directory = await temporaryState();
    await directory.write('state/history/.photos.json.1.0123456789ab.tmp', '');
    await (await acquire(directory.state)).release();
    expect(await readdir(directory.state.history)).toEqual([]);
  });
});

test('what the last owner left when it was killed is removed', async () => {
  await using directory = await temporaryState();
  const { state } = directory;
  const left = [state.path, ...foldersOf(state)].map((folder) => join(folder, '.x.1.0123456789ab.tmp'));
  for (const path of left) await writeFile(path, '');
  await directory.write('state/scripts/pre-script-1', 'sleep 1');
  const ownership = await acquire(state);
  const names = await readdir(state.path, { recursive: true });
  expect(names.filter((name) => name.endsWith('.tmp') || name.startsWith('scripts'))).toEqual([]);
  await ownership.release();
});

describe('what is in the way', () => {
  test('a file that is no socket is not removed', async () => {
    await using directory = await temporaryState();
    await directory.write('state/daemon.sock', 'mine');
    expect(await messageOf(directory.state)).toMatch(/^failed: .*daemon\.sock is not a socket/);
    expect(await readdir(directory.state.path)).toContain('daemon.sock');
  });

  test('a directory that is gone', async () => {
    await using directory = await temporaryState();
    await rm(directory.state.path, { recursive: true });
    expect(await messageOf(directory.state)).toMatch(/^failed: The control socket in .* cannot be made: /);
  });

  test.each([
    ['hangs up', null, 'that does not answer'],
    ['talks of something else', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 'that does not say who it is'],
  ])('a holder that %s is a holder', async (_name, reply, expected) => {
    await using directory = await temporaryState();
    const stranger = createNetServer((socket) => {
      socket.on('error', () => undefined);
      if (reply === null) socket.destroy();
      else socket.end(reply);
    });
    stranger.listen(directory.at('state/daemon.sock'));
    await once(stranger, 'listening');
    expect(await messageOf(directory.state)).toContain(expected);
    stranger.close();
  });
});
