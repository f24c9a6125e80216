import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import type { ControlHandlers, ControlRun } from '../../src/daemon/control-handlers.ts';
import { createControlServer, type Identity } from '../../src/daemon/control-server.ts';
import type { Event } from '../../src/model/event.ts';
import { connectPath } from '../../src/state/owner.ts';
import { runRecord } from '../helper/build.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const identity: Identity = { pid: 42, version: '1.2.3', command: 'daemon' };
const record = runRecord({ id: 'run-1' });
const finished: Event = { type: 'RunFinished', task: 'photos', runId: 'run-1', record };

/** Does nothing of itself; a test replaces what it is about. */
function handlersWith(part: Partial<ControlHandlers>): ControlHandlers {
  return {
    reconcile: async () => ({ ok: false, error: 'not in this test' }),
    plan: async () => ({ ok: false, error: 'not in this test' }),
    apply: async () => ({ ok: false, error: 'not in this test' }),
    run: () => ({ kind: 'unknown', message: 'not in this test' }),
    abort: () => false,
    errands: {
      restore: async () => ({ ok: false, error: 'not in this test' }),
      check: async () => ({ ok: false, error: 'not in this test' }),
      backups: async () => ({ ok: false, error: 'not in this test' }),
    },
    inspect: {
      verify: async () => ({ ok: false, error: 'not in this test' }),
      list: async () => ({ ok: false, error: 'not in this test' }),
    },
    ...part,
  };
}

/** A real socket in a directory of its own. */
async function listening(server: Server) {
  const directory = await temporaryDirectory();
  const socket = connectPath(directory.path);
  await once(server.listen(socket.path), 'listening');
  return {
    path: directory.path,
    socketPath: socket.path,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function clientOf({ path }: Pick<TemporaryDirectory, 'path'>) {
  const client = await connect(path);
  if (client === null) throw new Error('nobody answers');
  return client;
}

const silent = () => undefined;

describe('control socket', () => {
  test('says who holds the state directory, also before it can do anything else', async () => {
    await using server = await listening(createControlServer(identity, () => null));
    const client = await clientOf(server);
    expect(client.identity).toEqual(identity);
    expect(await client.reconcile()).toEqual({ ok: false, error: 'Still starting' });
    expect(await client.abort('photos')).toEqual({ ok: false, error: 'Still starting' });
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, silent)).toEqual({
      ok: false,
      error: { kind: 'failed', message: 'Still starting' },
    });
  });

  test('nobody is there', async () => {
    await using directory = await temporaryDirectory();
    expect(await connect(directory.path)).toBeNull();
    await directory.write('daemon.sock', 'no socket');
    expect(await connect(directory.path)).toBeNull();
  });

  test('a path that is too long for a socket is no obstacle', async () => {
    await using directory = await temporaryDirectory();
    const path = `${directory.path}/${'long-'.repeat(30)}`;
    expect(await connect(path)).toBeNull();
  });

  test('tells the events of a run as they come, and its record', async () => {
    const started: Event = {
      ...{ type: 'RunStarted', task: 'ph/otos', runId: 'run-1', trigger: 'manual', dryRun: true, at: 1 },
      specHash: 'sha256:0',
    };
    const asked: unknown[] = [];
    const handlers = handlersWith({
      run(task, dryRun, listener): ControlRun {
        asked.push([task, dryRun]);
        listener(started);
        listener(finished);
        return { kind: 'started', finished: Promise.resolve(record), leave: silent };
      },
    });
    await using server = await listening(createControlServer(identity, () => handlers));
    const heard: Event[] = [];
    const client = await clientOf(server);
    expect(await client.run('ph/otos', { dryRun: true, allowDeletes: null }, (event) => heard.push(event))).toEqual({
      ok: true,
      value: record,
    });
    expect(heard).toEqual([started, finished]);
    expect(asked).toEqual([['ph/otos', { dryRun: true, allowDeletes: null }]]);
  });

  test.each([
    [{ kind: 'unknown', message: 'there is no task x' }, 'unknown', 'there is no task x'],
    [{ kind: 'busy', runId: 'run-1' }, 'busy', 'task photos is running already, as run run-1'],
    [{ kind: 'stopping' }, 'failed', 'the daemon is stopping'],
  ] as const)('a run that does not start: %j', async (answer, kind, message) => {
    await using server = await listening(createControlServer(identity, () => handlersWith({ run: () => answer })));
    const client = await clientOf(server);
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, silent)).toEqual({
      ok: false,
      error: { kind, message },
    });
  });

  test('a listener that leaves is told', async () => {
    const left = deferred<void>();
    const handlers = handlersWith({
      run(_task, _dryRun, listener): ControlRun {
        listener(finished);
        return { kind: 'started', finished: left.promise.then(() => record), leave: () => left.resolve() };
      },
    });
    await using server = await listening(createControlServer(identity, () => handlers));
    const { socketPath } = server;
    const outgoing = request({ socketPath, method: 'POST', path: '/v1/tasks/photos/run?dryRun=true' }, (incoming) => {
      incoming.once('data', () => outgoing.destroy());
    });
    outgoing.on('error', silent);
    outgoing.end();
    await left.promise;
  });

  test('aborts, and says whether there was anything to abort', async () => {
    const handlers = handlersWith({ abort: (task) => task === 'photos' });
    await using server = await listening(createControlServer(identity, () => handlers));
    const client = await clientOf(server);
    expect(await client.abort('photos')).toEqual({ ok: true, value: true });
    expect(await client.abort('music')).toEqual({ ok: true, value: false });
  });

  test('a bug is told as one, and the next call is answered', async () => {
    const handlers = handlersWith({
      async reconcile() {
        throw new Error('oh');
      },
    });
    await using server = await listening(createControlServer(identity, () => handlers));
    const client = await clientOf(server);
    expect(await client.reconcile()).toEqual({ ok: false, error: 'Internal error: oh' });
    expect(await client.abort('photos')).toEqual({ ok: true, value: false });
  });

  test.each([
    ['GET', '/v1/nothing'],
    ['GET', '/v1/tasks/photos/run'],
    ['POST', '/v1/tasks/photos/run/more'],
    ['POST', '/v2/reconcile'],
  ])('%s %s is not there', async (method, path) => {
    await using server = await listening(createControlServer(identity, () => handlersWith({})));
    const outgoing = request({ socketPath: server.socketPath, method, path });
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    incoming.resume();
    expect(incoming.statusCode).toBe(404);
  });
});

describe('a daemon that ends in the middle', () => {
  /** Greets as a daemon does, and breaks off every other answer after its first bytes. */
  function dying(start: string, breakOff: boolean): Server {
    return createServer((incoming, response) => {
      if (incoming.url === '/v1/version') return void response.end(`${JSON.stringify(identity)}\n`);
      response.writeHead(200);
      response.write(start, () => (breakOff ? response.destroy() : response.end()));
    });
  }

  test('of a run is a failure in words', async () => {
    await using server = await listening(dying('{"type":"RunStarted"}\n{"type":', true));
    const client = await clientOf(server);
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, silent)).toMatchObject({
      ...{ ok: false, error: { kind: 'failed', message: expect.stringContaining('cannot reach the daemon') } },
    });
  });

  test('of a run, in order, is one too', async () => {
    await using server = await listening(dying('{"type":"RunStarted"}\n', false));
    const client = await clientOf(server);
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, silent)).toEqual({
      ok: false,
      error: { kind: 'failed', message: 'the daemon ended before the run did' },
    });
  });

  test('of anything else is one too', async () => {
    await using server = await listening(dying('{"plan":', true));
    const client = await clientOf(server);
    expect(await client.reconcile()).toMatchObject({ ok: false });
    expect(await client.abort('photos')).toMatchObject({ ok: false });
  });
});

function deferred<T>() {
  let resolve: (value: T) => void = silent;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
