import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect as connectTo } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import type { ControlRun } from '../../src/daemon/control-handlers.ts';
import type { Identity } from '../../src/daemon/control-routes.ts';
import { createControlServer } from '../../src/daemon/control-server.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Event } from '../../src/model/event.ts';
import { connectPath } from '../../src/state/owner.ts';
import { runRecord } from '../helper/build.ts';
import { eventually } from '../helper/eventually.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { waitFor } from '../helper/waits.ts';
import { handlersWith } from './fake-handlers.ts';

const identity: Identity = { pid: 42, version: '1.2.3', command: 'daemon' };
const record = runRecord({ id: 'run-1' });
const finished: Event = { type: 'RunFinished', task: 'photos', runId: 'run-1', record };

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

async function clientOf({ path }: Pick<TemporaryDirectory, 'path'>, clock?: Clock) {
  const client = await connect(path, clock);
  if (client === null) throw new Error('nobody answers');
  return client;
}

const silent = () => undefined;

async function ask(socketPath: string, options: RequestOptions, body = '') {
  const outgoing = request({ socketPath, ...options });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const document = JSON.parse(await text(incoming)) as { readonly error?: string };
  return { status: incoming.statusCode, headers: incoming.headers, document };
}

/** Says something, and nothing more; what is said in return. */
async function say(socketPath: string, words: string): Promise<string> {
  const socket = connectTo(socketPath);
  socket.end(words);
  return text(socket).catch(() => '');
}

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
    ['GET', '/v1/nothing', 404, 'nothing at this path'],
    ['POST', '/v1/tasks/photos/run/more', 404, 'nothing at this path'],
    ['POST', '/v2/reconcile', 404, 'nothing at this path'],
    ['GET', '/v1/tasks/photos/run', 405, 'for POST, not for GET'],
    ['DELETE', '/v1/version', 405, 'for GET, not for DELETE'],
    ['POST', '/v1/tasks/%zz/run', 400, 'not a valid URL'],
    ['POST', 'http://[/', 400, 'not a valid URL'],
    [
      'POST',
      '/v1/tasks/photos/run?dryrun=true',
      400,
      'no parameter "dryrun" here; there is dryRun, allowDeletes, acceptFileSystem',
    ],
    ['POST', '/v1/tasks/photos/run?dryRun=yes', 400, 'dryRun must be true or false'],
    ['POST', '/v1/tasks/photos/run?allowDeletes=abc', 400, 'allowDeletes must be a whole number'],
    ['POST', '/v1/tasks/photos/run?allowDeletes=-1', 400, 'allowDeletes must be a whole number'],
    ['POST', '/v1/tasks/photos/run?dryRun=true&dryRun=false', 400, 'more than once'],
    ['POST', '/v1/tasks/photos/abort?constructor=1', 400, 'this path takes none'],
  ])('%s %s is refused with %d', async (method, path, status, words) => {
    await using server = await listening(createControlServer(identity, () => handlersWith({})));
    const answer = await ask(server.socketPath, { method, path });
    expect(answer.status).toBe(status);
    expect(answer.document.error).toContain(words);
    expect(answer.headers.allow).toBe(status === 405 ? words.split(/[ ,]/)[1] : undefined);
  });

  test('a body, which would be passed over, is refused', async () => {
    await using server = await listening(createControlServer(identity, () => handlersWith({})));
    const headers = { 'content-length': '15' };
    const path = '/v1/tasks/photos/run';
    const answer = await ask(server.socketPath, { method: 'POST', path, headers }, '{"dryRun":true}');
    expect(answer).toMatchObject({ status: 413, document: { error: expect.stringContaining('no body') } });
  });

  test('what is no request is answered in JSON, and harms nobody', async () => {
    await using server = await listening(createControlServer(identity, () => handlersWith({})));
    const client = await clientOf(server);
    for (const [text, status] of [
      ['hello\r\n\r\n', '400'],
      ['GET /v1/version HTTP/9.9\r\n\r\n', '400'],
      [`GET /v1/version HTTP/1.1\r\nhost: x\r\na: ${'a'.repeat(40_000)}\r\n\r\n`, '431'],
      ['POST /v1/reconcile HTTP/1.1\r\nhost: x\r\ntransfer-encoding: nonsense\r\n\r\n', '413'],
    ] as const) {
      const said = await say(server.socketPath, text);
      expect(said.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
      expect(JSON.parse(said.split('\r\n\r\n')[1]?.split('\n')[0] ?? '')).toEqual({ error: expect.any(String) });
    }
    expect(await client.abort('photos')).toEqual({ ok: true, value: false });
  });

  test('no bytes end it', async () => {
    await using server = await listening(createControlServer(identity, () => handlersWith({})));
    const word = fc.constantFrom('GET', 'POST', ' ', '/v1/', 'tasks', '/run?', '%', '\r\n', '\0', 'HTTP/1.1', ':', 'é');
    const text = fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((words) => words.join(''));
    const property = fc.asyncProperty(text, async (bytes) => void (await say(server.socketPath, bytes)));
    await fc.assert(property, { numRuns: 100 });
    expect(await (await clientOf(server)).abort('photos')).toEqual({ ok: true, value: false });
  });

  test('a reader that does not read is left before it costs memory', async () => {
    const left = deferred<void>();
    const line: Event = {
      ...{ type: 'RunLog', task: 'photos', runId: 'run-1', level: 'info' },
      message: 'x'.repeat(1024 * 1024),
    };
    const handlers = handlersWith({
      run(_task, _wish, listener): ControlRun {
        for (let count = 0; count < 100; count += 1) listener(line);
        return { kind: 'started', finished: left.promise.then(() => record), leave: () => left.resolve() };
      },
    });
    await using server = await listening(createControlServer(identity, () => handlers));
    const socket = connectTo(server.socketPath);
    socket.on('error', silent);
    socket.pause();
    socket.write('POST /v1/tasks/photos/run HTTP/1.1\r\nhost: x\r\n\r\n');
    await left.promise;
    socket.destroy();
  });
});

describe('a daemon that does not answer', () => {
  /** A server that hears requests and says nothing of itself; a test answers for it. */
  async function mute() {
    const clock = fakeClock();
    const heard = queue<ServerResponse>();
    const server = await listening(createServer((_request, response) => heard.put(response)));
    return { ...server, clock, heard };
  }

  /** The client, after it waited in vain for the greeting. */
  async function ignored({ path, clock, heard }: Awaited<ReturnType<typeof mute>>) {
    const connecting = clientOf({ path }, clock);
    await heard.take();
    clock.advance(10_000);
    return connecting;
  }

  test('is told apart from none, with its process', async () => {
    await using server = await mute();
    await writeFile(`${server.path}/daemon.pid`, '4711\n');
    const client = await ignored(server);
    expect(client.identity).toMatchObject({ pid: 4711 });
    const error = `process 4711 holds ${server.path} and does not answer: it is stopped, or too busy (kill -CONT 4711 lets it go on, kill -KILL 4711 ends it)`;
    expect(await client.reconcile()).toEqual({ ok: false, error });
    expect(await client.abort('photos')).toEqual({ ok: false, error });
    const wish = { dryRun: false, allowDeletes: null };
    expect(await client.run('photos', wish, silent)).toEqual({ ok: false, error: { kind: 'failed', message: error } });
    expect(
      await client.errands.check('photos', { download: false, sample: null }, silent, new AbortController().signal),
    ).toEqual({ ok: false, error });
    expect(server.clock.timers).toBe(0);
  });

  test('and whose process nobody knows, is told apart too', async () => {
    await using server = await mute();
    const client = await ignored(server);
    expect(await client.reconcile()).toEqual({
      ...{ ok: false, error: `a process holds ${server.path} and does not answer: it is stopped, or too busy` },
    });
  });

  test('at first is waited for as long as it works, and no longer', async () => {
    await using server = await mute();
    const { clock, heard } = server;
    const connecting = clientOf(server, clock);
    (await heard.take()).end(JSON.stringify(identity));
    const client = await connecting;

    const aborting = client.abort('photos');
    const response = await heard.take();
    clock.advance(9_000);
    response.writeProcessing();
    // Both ends are in this process: once the timer was set anew, its old end passes by.
    await eventually('the wait begins anew', () => (clock.timers === 1 && clock.next() > 5_000 ? true : null));
    clock.advance(9_000);
    response.end('{"aborted":true}');
    expect(await aborting).toEqual({ ok: true, value: true });

    const reconciling = client.reconcile();
    await heard.take();
    clock.advance(10_000);
    expect(await reconciling).toEqual({ ok: false, error: 'the daemon does not answer' });
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

  test('of a run, in the middle of a line, is one too', async () => {
    await using server = await listening(dying('{"type":"RunStarted"}\n{"type":', false));
    const client = await clientOf(server);
    expect(await client.run('photos', { dryRun: false, allowDeletes: null }, silent)).toMatchObject({
      ...{ ok: false, error: { kind: 'failed', message: expect.stringContaining('cannot reach the daemon') } },
    });
  });

  test('of anything else is one too', async () => {
    await using server = await listening(dying('{"plan":', true));
    const client = await clientOf(server);
    expect(await client.reconcile()).toMatchObject({ ok: false });
    expect(await client.abort('photos')).toMatchObject({ ok: false });
  });
});

/** What was put in can be taken out once, also before it is there. */
function queue<T>() {
  const there: T[] = [];
  const waiting: ((value: T) => void)[] = [];
  return {
    put(value: T): void {
      const taker = waiting.shift();
      if (taker === undefined) there.push(value);
      else taker(value);
    },
    take: (): Promise<T> =>
      waitFor(
        'something that is put',
        new Promise((resolve) => {
          const value = there.shift();
          if (value === undefined) waiting.push(resolve);
          else resolve(value);
        }),
      ),
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = silent;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
