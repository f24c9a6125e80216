import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import type { ControlHandlers } from '../../src/daemon/control-handlers.ts';
import { createControlServer } from '../../src/daemon/control-server.ts';
import type { Emit, Event } from '../../src/model/event.ts';
import { err, ok } from '../../src/model/result.ts';
import { connectPath } from '../../src/state/owner.ts';
import { runRecord } from '../helper/build.ts';
import { eventually } from '../helper/eventually.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { handlersWith } from './fake-handlers.ts';

async function serving(part: Partial<ControlHandlers>) {
  const directory = await temporaryDirectory();
  const server = createControlServer({ pid: 1, version: '1.2.3', command: 'daemon' }, () => handlersWith(part));
  const socket = connectPath(directory.path);
  await once(server.listen(socket.path), 'listening');
  const client = await connect(directory.path);
  if (client === null) throw new Error('nobody answers');
  return {
    ...{ client, socketPath: socket.path },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Handlers whose events a test tells, until it ends them. */
function eventSource() {
  const listeners = new Set<Emit>();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const events: ControlHandlers['events'] = (listener) => {
    listeners.add(listener);
    return { leave: () => void listeners.delete(listener), ended };
  };
  const tell = (event: Event) => {
    for (const listener of listeners) listener(event);
  };
  return { events, tell, end: () => end(), listeners };
}

const queued = (task: string): Event => ({
  ...{ type: 'RunQueued', task, runId: `${task}-1`, trigger: 'manual', reason: 'a place' },
});
const finished: Event = { type: 'RunFinished', task: 'photos', runId: 'photos-1', record: runRecord() };
const progress = { bytes: 1 } as never;

describe('events over the socket', () => {
  test('come in order, each with its time, until there are no more', async () => {
    const source = eventSource();
    await using server = await serving(source);
    const lines: string[] = [];
    const listening = server.client.events(null, (line) => lines.push(line));
    await eventually('somebody listens', () => (source.listeners.size === 1 ? true : null));
    for (const event of [queued('photos'), finished, queued('music')]) source.tell(event);
    source.end();
    expect(await listening).toEqual(ok(undefined));
    const told = lines.map((line) => JSON.parse(line) as object);
    expect(told).toEqual(
      [queued('photos'), finished, queued('music')].map((event) => ({ ...event, time: expect.stringMatching(/Z$/) })),
    );
    expect(source.listeners.size).toBe(0);
  });

  test('of one task are those alone', async () => {
    const source = eventSource();
    await using server = await serving(source);
    const lines: string[] = [];
    const listening = server.client.events('music', (line) => lines.push(line));
    await eventually('somebody listens', () => (source.listeners.size === 1 ? true : null));
    for (const event of [queued('photos'), { type: 'DaemonStopped' } as const, queued('music')]) source.tell(event);
    source.end();
    await listening;
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining(queued('music'))]);
  });

  test('are kept from a plan that names ten thousand unchanged tasks', async () => {
    const source = eventSource();
    await using server = await serving(source);
    const lines: string[] = [];
    const listening = server.client.events(null, (line) => lines.push(line));
    await eventually('somebody listens', () => (source.listeners.size === 1 ? true : null));
    const changes = [{ action: 'unchanged' }, { action: 'create', name: 'photos' }];
    source.tell({ type: 'Reconciled', plan: { changes } as never, durationMs: 1, waiting: [] });
    source.end();
    await listening;
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ plan: { changes: [{ action: 'create', name: 'photos' }] } });
  });

  test('are no more told to a reader that does not read, and progress not at all', async () => {
    const source = eventSource();
    await using server = await serving(source);
    const socket = connectTo(server.socketPath);
    socket.on('error', () => undefined);
    socket.pause();
    socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually('somebody listens', () => (source.listeners.size === 1 ? true : null));
    const long = 'x'.repeat(100_000);
    for (let count = 0; count < 1000; count += 1)
      source.tell({ type: 'RunProgress', task: long, runId: long, progress });
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.listeners.size).toBe(1);
    for (let count = 0; count < 100; count += 1) source.tell({ ...queued('photos'), reason: long } as Event);
    await eventually('it is left', () => (source.listeners.size === 0 ? true : null));
    socket.destroy();
  });
});

describe('a log over the socket', () => {
  test('is told line by line, with what was asked for', async () => {
    const asked: unknown[] = [];
    await using server = await serving({
      async readLog(wanted) {
        asked.push(wanted);
        return ok(
          (async function* () {
            yield 'one';
            yield 'two';
          })(),
        );
      },
    });
    const lines: string[] = [];
    const wanted = { task: 'ph/otos', runId: 'run-1', follow: true };
    expect(await server.client.followLog(wanted, (line) => lines.push(line))).toEqual(ok(undefined));
    expect(lines).toEqual(['one', 'two']);
    await server.client.followLog({ task: 'photos', runId: null, follow: false }, () => {});
    expect(asked).toEqual([wanted, { task: 'photos', runId: null, follow: false }]);
  });

  test('that there is not is refused, and one that breaks is a failure', async () => {
    await using none = await serving({ readLog: async () => err('task photos has not run yet') });
    const wanted = { task: 'photos', runId: null, follow: false };
    expect(await none.client.followLog(wanted, () => {})).toEqual(err('task photos has not run yet'));
    await using broken = await serving({
      readLog: async () =>
        ok(
          (async function* () {
            yield 'one';
            throw new Error('EIO');
          })(),
        ),
    });
    expect(await broken.client.followLog(wanted, () => {})).toMatchObject({ ok: false });
  });

  test('is read no further when its reader leaves', async () => {
    let ended = () => {};
    const left = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await using server = await serving({
      readLog: async (_wanted, signal) => {
        signal.addEventListener('abort', ended);
        return ok(
          (async function* () {
            yield 'one';
            await left;
          })(),
        );
      },
    });
    const socket = connectTo(server.socketPath);
    socket.once('data', () => socket.destroy());
    socket.write('GET /v1/tasks/photos/logs?follow=true HTTP/1.1\r\nhost: x\r\n\r\n');
    await left;
  });
});
