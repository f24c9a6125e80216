import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../../src/model/history.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { checkTask } from '../../../src/run/check-task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { type PartialServer, startPartialHttp, startPartialWebdav } from '../../clouds/partial-server.ts';
import { credentialSpec, remoteLocation, resolvedTask, taskSpec } from '../../helper/build.ts';
import { readTree } from '../../helper/file-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones, realTools } from '../../run/real-run.ts';
import { tryRun } from './place.ts';

const kinds = ['http', 'webdav'] as const;
type Kind = (typeof kinds)[number];

function start(kind: Kind): Promise<PartialServer> {
  return kind === 'http' ? startPartialHttp() : startPartialWebdav();
}

function credentialOf(kind: Kind, { url }: PartialServer) {
  const options = kind === 'http' ? { url } : { url, vendor: 'other' };
  return credentialSpec({ provider: kind, options });
}

function fill({ files }: PartialServer): void {
  for (const name of ['a.txt', 'b.txt', 'sub/c.txt', 'sub/precious.txt']) files.set(name, `content of ${name}`);
}

const all = {
  'a.txt': 'content of a.txt',
  'b.txt': 'content of b.txt',
  'sub/c.txt': 'content of sub/c.txt',
  'sub/precious.txt': 'content of sub/precious.txt',
};
const unseen = 'sub/precious.txt: the server lists it and did not show it';

interface Sides {
  readonly directory: TemporaryDirectory;
  readonly binary: string;
  readonly kind: Kind;
  readonly server: PartialServer;
}

function run(part: Partial<TaskSpec>, { directory, binary, kind, server }: Sides, dryRun = false) {
  return tryRun({ direction: 'PULL', ...part }, { directory, binary, credential: credentialOf(kind, server), dryRun });
}

function task(part: Partial<TaskSpec>, { directory, kind, server }: Sides) {
  const spec = taskSpec({ paths: [directory.at('source')], remote: remoteLocation({ folder: '' }), ...part });
  return resolvedTask('photos', { spec, credential: credentialOf(kind, server) });
}

function check(part: Partial<TaskSpec>, sides: Sides) {
  const about = { runId: 'check-1', download: false, sample: null, run: null, lastSuccessAt: null };
  return checkTask(task(part, sides), about, realTools(sides.directory, {}, sides.binary));
}

describe.each(rclones)('what a server lists and does not show to %s', (binary) => {
  describe.each(kinds)('by %s', (kind) => {
    test.each(['503 Service Unavailable', '500 Internal Server Error', '403 Forbidden', '404 Not Found'])(
      'is not deleted by a SYNC: %s',
      async (status) => {
        await using directory = await temporaryDirectory();
        await using server = await start(kind);
        const sides = { directory, binary, kind, server };
        fill(server);
        expect((await run({ transferMode: 'SYNC' }, sides)).ending.lastError).toBeNull();
        server.refused.set('sub/precious.txt', status);
        server.files.delete('a.txt');
        server.files.set('new.txt', 'new');

        const dry = await run({ transferMode: 'SYNC' }, sides, true);
        const { ending } = await run({ transferMode: 'SYNC' }, sides);

        expect(dry.ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining(unseen) });
        expect(ending).toMatchObject({
          outcome: 'Failed',
          retryable: /^50/.test(status),
          lastError: expect.stringMatching(
            /^sub\/precious\.txt: .*; what could be read was sent, and nothing was deleted$/,
          ),
          warningDetails: expect.arrayContaining([{ reason: 'unreadable', count: 1, names: ['sub/precious.txt'] }]),
        });
        expect(await readTree(directory.at('source'))).toEqual({ ...all, 'new.txt': 'new' });

        server.refused.clear();
        expect((await run({ transferMode: 'SYNC' }, sides)).ending.stats).toMatchObject({ deletes: 1 });
      },
    );

    test('is not deleted by a SYNC without a rehearsal', async () => {
      await using directory = await temporaryDirectory();
      await using server = await start(kind);
      const sides = { directory, binary, kind, server };
      fill(server);
      const safety = { ...taskSpec().safety, preflight: 'never' as const };
      expect((await run({ transferMode: 'SYNC', safety }, sides)).ending.lastError).toBeNull();
      server.refused.set('sub/precious.txt', '503 Service Unavailable');
      expect((await run({ transferMode: 'SYNC', safety }, sides)).ending.outcome).toBe('Failed');
      expect(await readTree(directory.at('source'))).toEqual(all);
    });

    test('makes a COPY fail that brings the rest, and a check that does not say equal', async () => {
      await using directory = await temporaryDirectory();
      await using server = await start(kind);
      const sides = { directory, binary, kind, server };
      fill(server);
      server.refused.set('sub/precious.txt', '503 Service Unavailable');

      const { ending } = await run({ transferMode: 'COPY' }, sides);
      const checked = await check({ direction: 'PULL', transferMode: 'COPY' }, sides);

      expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining(unseen) });
      const { 'sub/precious.txt': _, ...readable } = all;
      expect(await readTree(directory.at('source'))).toEqual(readable);
      expect(checked).toMatchObject({ verdict: 'Failed', message: expect.stringContaining(unseen) });
    });

    test('does not matter where the task excludes it', async () => {
      await using directory = await temporaryDirectory();
      await using server = await start(kind);
      const sides = { directory, binary, kind, server };
      fill(server);
      server.refused.set('sub/precious.txt', '404 Not Found');
      const part = { transferMode: 'SYNC', exclude: ['/sub/**'] } as const;
      const { ending } = await run(part, sides);
      expect(ending.lastError).toBeNull();
      expect(ending.warningDetails?.map(({ reason }) => reason) ?? []).not.toContain('unreadable');
      const checked = await check({ direction: 'PULL', ...part }, sides);
      expect(checked.verdict).not.toBe('Failed');
    });
  });

  test('a MOVE fails, moves the rest and leaves it', async () => {
    await using directory = await temporaryDirectory();
    await using server = await start('webdav');
    fill(server);
    server.refused.set('sub/precious.txt', '503 Service Unavailable');
    const { ending } = await run({ transferMode: 'MOVE' }, { directory, binary, kind: 'webdav', server });
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining(unseen) });
    expect([...server.files.keys()]).toEqual(['sub/precious.txt']);
  });

  test.each([[[]], [['*.txt']]])('a restore is no success and names it, asked for: %o', async (include) => {
    await using directory = await temporaryDirectory();
    await using server = await start('webdav');
    fill(server);
    server.refused.set('sub/precious.txt', '503 Service Unavailable');
    const pushed = task({ direction: 'PUSH', transferMode: 'COPY' }, { directory, binary, kind: 'webdav', server });
    const order = { directory: directory.at('back'), backup: null, include, intoExisting: false, dryRun: false };
    const about = { runId: 'restore-1', history: emptyHistory };
    const { ending } = await restore(pushed, order, about, realTools(directory, {}, binary));
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining('sub/precious.txt') });
  });
});
