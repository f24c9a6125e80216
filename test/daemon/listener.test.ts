import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outlook } from '../../src/daemon/listen-routes.ts';
import { openListener } from '../../src/daemon/listener.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const token = 'canary-0123456789abcdef0123456789abcdef';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const closing: (() => PromiseLike<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface World {
  readonly host?: string;
  readonly token?: string | null;
  readonly outlook?: Partial<Outlook>;
  readonly times?: Parameters<typeof openListener>[1];
}

/** A listener on a free port, what it told, and the file with the token. */
async function listening(world: World = {}) {
  const directory = await temporaryDirectory();
  const tokenFile = world.token === null ? null : await directory.write('token', `${world.token ?? token}\n`);
  if (tokenFile !== null) await chmod(tokenFile, 0o600);
  const told: string[] = [];
  const asked: (string | null)[] = [];
  let at = '';
  const opened = await openListener(
    {
      ...{ address: { host: world.host ?? '127.0.0.1', port: 0 }, tokenFile },
      onListening(address) {
        at = address;
      },
      outlook: {
        unready: () => null,
        metrics: { note: () => {}, render: async () => ({ contentType: 'text/plain', text: 'metrics\n' }) },
        reconcile: (revision) => asked.push(revision) > 0,
        report: (detail) => void told.push(detail),
        ...world.outlook,
      },
    },
    world.times,
  );
  if (!opened.ok) throw new Error(opened.error);
  closing.push(opened.value.close, () => directory[Symbol.asyncDispose]());
  const port = Number(at.split(':').at(-1));

  async function ask(path: string, { method = 'GET', headers = {}, body = '' }: Asked = {}) {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers });
    outgoing.on('error', () => undefined);
    outgoing.end(body);
    const [incoming] = await once(outgoing, 'response');
    return { status: incoming.statusCode as number, headers: incoming.headers, body: await text(incoming) };
  }
  const post = (headers: Readonly<Record<string, string>>, body?: string) =>
    ask('/-/reconcile', { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  return { at, port, ask, post, told, asked, tokenFile: tokenFile ?? '', directory };
}

const bearer = { authorization: `Bearer ${token}` };

describe('health', () => {
  test('is asked without a token, by GET and HEAD', async () => {
    const { ask } = await listening({ token: null });
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: '{"alive":true}\n' });
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reason":null}\n' });
    expect(await ask('/metrics')).toMatchObject({ status: 200, body: 'metrics\n' });
    expect(await ask('/readyz', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test('says why it is not ready', async () => {
    const { ask } = await listening({ outlook: { unready: () => 'the daemon is stopping' } });
    expect(await ask('/readyz')).toMatchObject({
      status: 503,
      body: '{"ready":false,"reason":"the daemon is stopping"}\n',
    });
    expect((await ask('/healthz')).status).toBe(200);
  });

  test('a bug is not shown to strangers', async () => {
    const { ask, told } = await listening({
      outlook: {
        unready() {
          throw new Error('at /home/me');
        },
      },
    });
    expect(await ask('/readyz')).toMatchObject({ status: 500, body: '{"error":"Internal error"}\n' });
    expect(told).toEqual(['Internal error: at /home/me']);
  });

  test.each([
    ['GET', '/', 404],
    ['GET', '/v1/version', 404],
    ['POST', '/metrics', 405],
    ['GET', '/-/reconcile', 405],
    ['GET', '/metrics?x=1', 400],
    ['GET', '/%zz', 400],
  ])('%s %s is refused with %d', async (method, path, status) => {
    const { ask } = await listening();
    const answer = await ask(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String) });
  });
});

describe('a wish to reconcile', () => {
  test.each([
    ['Bearer', `Bearer ${token}`],
    ['bearer', `bearer  ${token}`],
    ['Basic', `Basic ${Buffer.from(`git-sync:${token}`).toString('base64')}`],
  ])('is heard with the token as %s', async (_scheme, authorization) => {
    const { post, asked } = await listening();
    expect(await post({ authorization })).toMatchObject({ status: 200, body: '{"accepted":true}\n' });
    expect(asked).toEqual([null]);
  });

  test.each([
    ['none', undefined],
    ['a wrong one', 'Bearer wrong'],
    ['the start of it', `Bearer ${token.slice(0, -1)}`],
    ['more than it', `Bearer ${token}x`],
    ['an empty one', 'Bearer '],
    ['it without a scheme', token],
    ['it as a name', `Basic ${Buffer.from(`${token}:`).toString('base64')}`],
    ['it in another scheme', `Digest ${token}`],
  ])('with %s is refused', async (_what, authorization) => {
    const { post, asked } = await listening();
    const answer = await post(authorization === undefined ? {} : { authorization });
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(asked).toEqual([]);
  });

  test('in the path is no token', async () => {
    const { ask, asked } = await listening();
    expect((await ask(`/-/reconcile?token=${token}`, { method: 'POST' })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  test('without a token file is refused, with what to do', async () => {
    const { post } = await listening({ token: null });
    const answer = await post(bearer);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('--listen-token-file FILE') });
  });

  test('follows the file when that is replaced, and when it is gone', async () => {
    const { post, told, tokenFile } = await listening();
    await writeFile(tokenFile, 'another-0123456789abcdef');
    expect((await post(bearer)).status).toBe(401);
    expect((await post({ authorization: 'Bearer another-0123456789abcdef' })).status).toBe(200);
    await writeFile(tokenFile, '\n');
    expect((await post({ authorization: 'Bearer ' })).status).toBe(403);
    await rm(tokenFile);
    expect((await post(bearer)).status).toBe(403);
    expect(told.map((line) => line.replace(tokenFile, 'FILE'))).toEqual([
      '--listen-token-file: FILE must hold a token of 16 to 4096 characters (openssl rand -hex 32)',
      '--listen-token-file: FILE cannot be read: ENOENT: no such file or directory',
    ]);
    expect(told.join()).not.toContain(token);
  });

  test('of a daemon that stops is not accepted', async () => {
    const { post } = await listening({ outlook: { reconcile: () => false } });
    expect((await post(bearer)).status).toBe(503);
  });

  test('tells the revision that it is about, if it is one', async () => {
    const { post, asked } = await listening();
    const revision = '0123456789abcdef0123456789abcdef01234567';
    await post({ ...bearer, 'gitsync-hash': revision });
    await post({ ...bearer, 'gitsync-hash': 'x; rm -rf' });
    expect(asked).toEqual([revision, null]);
  });

  test.each([
    ['a page that another name of this machine has brought', { host: 'evil.example' }],
    ['a page in a browser', { origin: 'http://127.0.0.1' }],
  ])('of %s is refused, whatever it sends', async (_what, headers) => {
    const { post, asked } = await listening();
    expect((await post({ ...bearer, ...headers })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test.each(['localhost:9180', '127.0.0.1', '[::1]:1'])('to %s is to this machine', async (host) => {
    const { post } = await listening();
    expect((await post({ ...bearer, host })).status).toBe(200);
  });

  test('to any name is heard where every interface is listened on', async () => {
    const { post } = await listening({ host: '0.0.0.0' });
    expect((await post({ ...bearer, host: 'cloudsync.backup.svc:9180' })).status).toBe(200);
  });

  test('may have a body, which must not be large', async () => {
    const { post, asked } = await listening();
    expect((await post(bearer, '{"ref":"refs/heads/main"}')).status).toBe(200);
    expect((await post({ ...bearer, 'content-length': '2000000' })).status).toBe(413);
    expect(asked).toEqual([null]);
  });
});

describe('the door', () => {
  test('is closed to those who say little', async () => {
    const times = { headersTimeout: 40, requestTimeout: 40, keepAliveTimeout: 40, connectionsCheckingInterval: 10 };
    const { port } = await listening({ times });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('is closed to a body without an end', async () => {
    const { port } = await listening();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    // Not `once`, which an error ends: the connection is broken, not closed.
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write('POST /-/reconcile HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let count = 0; count < 40 && !socket.destroyed; count += 1) socket.write(chunk);
    socket.resume();
    await closed;
  });

  test('that is taken is told in words', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as { port: number };
    const outlook = {} as Outlook;
    const options = { tokenFile: null, outlook, onListening: () => {} };
    expect(await openListener({ ...options, address: { host: '127.0.0.1', port } })).toEqual({
      ...{
        ok: false,
        error: `--listen 127.0.0.1:${port}: another process listens there; stop it, or name another port`,
      },
    });
    expect(await openListener({ ...options, address: { host: '192.0.2.1', port: 1 } })).toMatchObject({
      ...{ ok: false, error: expect.stringContaining('no such address') },
    });
    expect(
      await openListener({ ...options, tokenFile: '/nowhere/token', address: { host: '127.0.0.1', port: 0 } }),
    ).toEqual({
      ...{ ok: false, error: '--listen-token-file: /nowhere/token cannot be read: ENOENT: no such file or directory' },
    });
    other.close();
  });

  test('to everybody is warned of, and so is a token that everybody may read', async () => {
    const open = await listening({ host: '0.0.0.0', token: null });
    expect(open.told).toEqual(['Everybody who can reach this address may read names and states of tasks']);
    const directory = await temporaryDirectory();
    const tokenFile = await directory.write('token', token);
    await chmod(tokenFile, 0o644);
    const told: string[] = [];
    const opened = await openListener({
      ...{ address: { host: '127.0.0.1', port: 0 }, tokenFile, onListening: () => {} },
      outlook: { report: (detail: string) => void told.push(detail) } as Outlook,
    });
    if (opened.ok) await opened.value.close();
    await directory[Symbol.asyncDispose]();
    expect(told).toEqual([`Everybody on this machine may read the token in ${tokenFile}`]);
  });
});
