import { rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { descendantsOf } from '../helper/process-tree.ts';
import { addCredential, addTask, usePatientRclone } from '../helper/task.ts';

interface PlanDocument {
  readonly hash: string;
  readonly changes: readonly { readonly name: string; readonly transfers?: object }[];
}

const letters = { 'a.txt': 'one\n', 'b/c.txt': 'three\n' };
const encryption = { password: { fromEnv: 'CRYPT_PASSWORD' }, filenames: true };
const none = { copies: 0, moves: 0, deletes: 0, bytes: 0, first: { copy: [], move: [], delete: [] } };

async function openWithCredential(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'correct horse battery' });
  return cloudsync;
}

/** Of each task, what is found about its files. */
async function transfersOf(cloudsync: Cloudsync, ...words: readonly string[]) {
  const { document } = await cloudsync.json<PlanDocument>('plan', '--transfers', ...words);
  return Object.fromEntries(document.changes.map(({ name, transfers }) => [name, transfers]));
}

describe.concurrent('plan --transfers', () => {
  test('tells what each new or changed task would do to files, and does none of it', async () => {
    await using cloudsync = await openWithCredential();
    await addTask(cloudsync, 'push', { transferMode: 'SYNC', preScript: 'touch ran' }, letters);
    await addTask(cloudsync, 'same', {}, letters);
    await cloudsync.run('apply');
    await cloudsync.run('run', 'push');
    await rm(cloudsync.directory.at('local/push/a.txt'));
    await addTask(
      cloudsync,
      'push',
      { transferMode: 'SYNC', enabled: false, preScript: 'exit 1' },
      { 'new.txt': '12345' },
    );
    await writeTree(cloudsync.directory.at('cloud/there'), letters);
    await addTask(cloudsync, 'pull', { direction: 'PULL', remote: { credential: 'here', folder: 'there' } }, {});
    const before = await readTree(cloudsync.directory.path);

    const found = await transfersOf(cloudsync);
    const text = await cloudsync.run('plan', '--transfers');

    expect(found).toEqual({
      push: {
        ...{ outcome: 'Succeeded', lastError: null, warnings: [], copies: 1, moves: 0, deletes: 1, bytes: 5 },
        first: { copy: ['new.txt'], move: [], delete: ['a.txt'] },
      },
      pull: {
        ...{ outcome: 'Succeeded', lastError: null, warnings: [], copies: 2, moves: 0, deletes: 0, bytes: 10 },
        first: { copy: ['a.txt', 'b/c.txt'], move: [], delete: [] },
      },
      same: undefined,
    });
    expect(text.stdout).toContain(
      '    a run would copy 1 file, delete 1 file; 5 B to transfer\n      - a.txt\n      + new.txt\n',
    );
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
  });

  test('sees through an encryption, in both directions, and shows no secret', async () => {
    await using cloudsync = await openWithCredential();
    await addTask(cloudsync, 'push', { encryption }, letters);
    await cloudsync.run('run', 'push');
    await writeTree(cloudsync.directory.at('local/push'), { 'later.txt': 'later\n' });
    const remote = { credential: 'here', folder: 'push' };
    await addTask(cloudsync, 'pull', { direction: 'PULL', encryption, remote }, {});

    const { stdout, document } = await cloudsync.json<PlanDocument>('plan', '--transfers');

    expect(document.changes.map(({ transfers }) => transfers)).toMatchObject([
      { outcome: 'Succeeded', copies: 2, first: { copy: ['a.txt', 'b/c.txt'] } },
      { outcome: 'Succeeded', copies: 1, deletes: 0, first: { copy: ['later.txt'] } },
    ]);
    expect(stdout).not.toContain('correct horse');
  });

  test('says what a guard would refuse', async () => {
    await using cloudsync = await openWithCredential();
    await writeTree(cloudsync.directory.at('cloud'), { 'empty/kept.txt': 'kept', 'bounded/kept.txt': 'kept' });
    await addTask(cloudsync, 'empty', { transferMode: 'SYNC' }, {});
    await addTask(cloudsync, 'bounded', { transferMode: 'SYNC', safety: { maxDelete: 0 } }, letters);

    const { empty, bounded } = await transfersOf(cloudsync);
    const text = await cloudsync.run('plan', '--transfers');

    expect(empty).toMatchObject({ ...none, outcome: 'Blocked', lastError: expect.stringContaining('empty') });
    expect(bounded).toMatchObject({
      ...{ outcome: 'Blocked', deletes: 1, lastError: expect.stringContaining('safety.maxDelete is 0') },
    });
    expect(text.stdout).toContain('a run would end as Blocked: ');
    expect(text.stdout).toContain('a run would end as Blocked: a real run would be refused');
  });

  test('is asked of a daemon that applies nothing by itself, which has the secrets; the plan is the same', async () => {
    await using cloudsync = await openWithCredential();
    await addTask(cloudsync, 'push', { encryption }, letters);
    await cloudsync.daemon('--apply', 'manual');
    Reflect.deleteProperty(cloudsync.environment, 'CRYPT_PASSWORD');

    const { document } = await cloudsync.json<PlanDocument>('plan', '--transfers');
    const plain = await cloudsync.json<PlanDocument>('plan');

    expect(document.changes).toMatchObject([{ name: 'push', transfers: { outcome: 'Succeeded', copies: 2 } }]);
    expect(document.hash).toBe(plain.document.hash);
    expect(await cloudsync.run('apply', '--transfers')).toMatchObject({ exitCode: 64 });
  });

  test('ends with a signal, and its dry runs with it', async () => {
    await using cloudsync = await openWithCredential();
    await addTask(cloudsync, 'push', {}, letters);
    await usePatientRclone(cloudsync);
    const planning = cloudsync.start(['plan', '--transfers']);
    await eventually('a dry run has begun', () => (descendantsOf(planning.pid).length > 0 ? true : null));
    process.kill(planning.pid, 'SIGINT');
    expect(await planning.finished).toMatchObject({ exitCode: 130, stdout: '' });
  });
});
