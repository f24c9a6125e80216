import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import { createControlServer } from '../../src/daemon/control-server.ts';
import { createErrands, type Errands } from '../../src/daemon/errands.ts';
import type { Emit } from '../../src/model/event.ts';
import type { RestoreOrder, RestoreRecord } from '../../src/model/restore.ts';
import { ok } from '../../src/model/result.ts';
import type { ErrandRunner } from '../../src/run/errand-runner.ts';
import { connectPath } from '../../src/state/owner.ts';
import { resolvedTask, runRecord } from '../helper/build.ts';
import { checkRecord } from '../helper/check.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { handlersWith } from './fake-handlers.ts';

const order: RestoreOrder = {
  directory: '/back',
  backup: 'photos-1',
  include: ['*.jpg', '/a & b/**'],
  intoExisting: true,
  dryRun: false,
};
const backup = { name: 'photos-1', at: 1, outcome: null, files: 2, bytes: 3 };

function restoreRecord(part: Partial<RestoreRecord> = {}): RestoreRecord {
  const restored = { directory: '/back', backup: null, files: 1, bytes: 2, kept: 0, keptOther: 0 };
  return { ...runRecord(), restored, ...part };
}
const progress = { type: 'RunSpawned', task: 'photos', runId: 'restore-1', pid: 1 } as const;

function fakeErrands(part: Partial<Errands> = {}): Errands {
  return {
    restore: async () => ok(restoreRecord()),
    check: async () => ok(checkRecord()),
    backups: async () => ok([backup]),
    ...part,
  };
}

/** The errands of another process, over a real socket. */
async function serving(errands: Errands) {
  const directory = await temporaryDirectory();
  const handlers = handlersWith({ errands });
  const server = createControlServer({ pid: 1, version: '1.2.3', command: 'daemon' }, () => handlers);
  const socket = connectPath(directory.path);
  await once(server.listen(socket.path), 'listening');
  const client = await connect(directory.path);
  if (client === null) throw new Error('nobody answers');
  return {
    ...{ errands: client.errands, socketPath: socket.path },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
      await directory[Symbol.asyncDispose]();
    },
  };
}

const checkOrder = { download: false, sample: null };
const never = new AbortController().signal;

describe('errands over the socket', () => {
  test('carry the whole order, the events and the result', async () => {
    const asked: unknown[] = [];
    const restore: Errands['restore'] = async (task, wanted, listener) => {
      asked.push([task, wanted]);
      listener(progress);
      return ok(restoreRecord({ id: 'restore-1' }));
    };
    await using opened = await serving(fakeErrands({ restore }));
    const heard: unknown[] = [];
    const listener: Emit = (event) => heard.push(event);

    expect(await opened.errands.restore('photos', order, listener, never)).toEqual(
      ok(restoreRecord({ id: 'restore-1' })),
    );
    expect(await opened.errands.restore('photos', { ...order, backup: null }, listener, never)).toMatchObject({
      ok: true,
    });

    expect(asked).toEqual([
      ['photos', order],
      ['photos', { ...order, backup: null }],
    ]);
    expect(heard).toEqual([progress, progress]);
  });

  test('give checks and backups', async () => {
    await using opened = await serving(fakeErrands());
    expect(await opened.errands.check('photos', checkOrder, () => {}, never)).toEqual(ok(checkRecord()));
    expect(await opened.errands.backups('photos', never)).toEqual(ok([backup]));
  });

  test('that cannot begin say why', async () => {
    const check: Errands['check'] = async () => ({ ok: false, error: 'there is no task photo' });
    await using opened = await serving(fakeErrands({ check }));
    expect(await opened.errands.check('photo', checkOrder, () => {}, never)).toEqual({
      ok: false,
      error: 'there is no task photo',
    });
  });

  test('end when their caller goes, and the caller when it is told to', async () => {
    let ended: (reason: unknown) => void = () => {};
    const over = new Promise((resolve) => {
      ended = resolve;
    });
    const check: Errands['check'] = async (_task, _order, listener, signal) => {
      listener(progress);
      await once(signal, 'abort');
      ended(signal.reason);
      return ok(checkRecord({ verdict: 'Stopped' }));
    };
    await using opened = await serving(fakeErrands({ check }));
    const controller = new AbortController();

    const asking = opened.errands.check('photos', checkOrder, () => controller.abort('Aborted'), controller.signal);

    expect(await asking).toEqual({ ok: false, error: 'stopped' });
    expect(await over).toBe('Aborted');
  });

  test('that a program asks for without all parameters have none of them', async () => {
    const asked: unknown[] = [];
    const restore: Errands['restore'] = async (_task, wanted) => {
      asked.push(wanted);
      return ok(restoreRecord());
    };
    await using opened = await serving(fakeErrands({ restore }));
    const path = '/v1/tasks/photos/restore';
    const outgoing = request({ socketPath: opened.socketPath, method: 'POST', path });
    outgoing.end();
    const [incoming] = await once(outgoing, 'response');
    incoming.resume();
    expect(asked).toEqual([{ directory: '', backup: null, include: [], intoExisting: false, dryRun: false }]);
  });
});

describe('errands by the name of a task', () => {
  const runner: ErrandRunner = {
    restore: async () => restoreRecord(),
    check: async (_task, { trigger }) => checkRecord({ trigger }),
    checkDue: () => {},
    backups: async () => ({ ok: false, error: 'no backups' }),
    stopAll: () => {},
    drain: async () => {},
  };
  const errands = createErrands(runner, (name) => (name === 'photos' ? resolvedTask() : undefined));

  test('are done for a task that there is', async () => {
    expect(await errands.restore('photos', order, () => {}, never)).toEqual(ok(restoreRecord()));
    expect(await errands.check('photos', checkOrder, () => {}, never)).toEqual(ok(checkRecord({ trigger: 'manual' })));
    expect(await errands.backups('photos', never)).toEqual({ ok: false, error: 'no backups' });
  });

  test('and for no other', async () => {
    const error = 'there is no task photo among those applied';
    expect(await errands.restore('photo', order, () => {}, never)).toEqual({ ok: false, error });
    expect(await errands.check('photo', checkOrder, () => {}, never)).toEqual({ ok: false, error });
    expect(await errands.backups('photo', never)).toEqual({ ok: false, error });
  });
});
