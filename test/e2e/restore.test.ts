import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { readTree, writeTree } from '../helper/file-tree.ts';
import { descendantsOf } from '../helper/process-tree.ts';
import { addCredential, addTask, openWithTask, usePatientRclone } from '../helper/task.ts';

const files = { 'letter.txt': 'a letter\n', 'sub/photo.jpg': 'a photo\n', 'draft.tmp': 'a draft\n' };
const encryption = { password: { fromEnv: 'CRYPT_PASSWORD' }, filenames: true };

interface Written {
  readonly id: string;
  readonly log: string;
}

/** A task that has run once, and whose files are gone since. */
async function openAfterLoss(spec: Readonly<Record<string, unknown>> = {}): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'a long password' });
  await addCredential(cloudsync);
  await addTask(cloudsync, 'photos', { exclude: ['*.tmp'], ...spec }, files);
  expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
  await rm(cloudsync.directory.at('local/photos'), { recursive: true });
  return cloudsync;
}

function restored(cloudsync: Cloudsync, place = 'back'): Promise<object> {
  return readTree(cloudsync.directory.at(place));
}

const kept = { 'letter.txt': 'a letter\n', 'sub/photo.jpg': 'a photo\n' };

describe.concurrent('restore', () => {
  test('brings back what was lost, leaves a log and neither history nor status', async () => {
    await using cloudsync = await openAfterLoss();
    const history = await cloudsync.run('history', 'photos');

    const { exitCode, document } = await cloudsync.json<Written>('restore', 'photos', '--to', 'back');

    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      ...{ id: expect.stringMatching(/^restore-photos-/), task: 'photos', outcome: 'Succeeded', backup: null },
      ...{ directory: cloudsync.directory.at('back'), stats: { transfers: 2 } },
      restored: { directory: cloudsync.directory.at('back'), files: 2, bytes: 17, kept: 0 },
      log: `runs/photos/${document.id}.ndjson`,
    });
    expect(await restored(cloudsync)).toEqual(kept);
    expect(await readTree(cloudsync.state)).toHaveProperty([document.log], expect.stringContaining('letter.txt'));
    expect(await cloudsync.run('history', 'photos')).toEqual(history);
  });

  test('decrypts, also through a daemon, which says so', async () => {
    await using cloudsync = await openAfterLoss({ encryption });
    const daemon = await cloudsync.daemon();

    expect(await cloudsync.run('restore', 'photos', '--to', 'back')).toMatchObject({ exitCode: 0 });

    expect(await restored(cloudsync)).toEqual(kept);
    const line = await daemon.logged('RestoreFinished', { task: 'photos', outcome: 'Succeeded' });
    expect(line).toMatchObject({ directory: cloudsync.directory.at('back') });
    expect(daemon.lines.filter(({ event }) => event === 'RunFinished')).toEqual([]);
  });

  test('takes what a run has set aside, and names what there is', async () => {
    await using cloudsync = await openWithTask({
      transferMode: 'SYNC',
      safety: { backupFolder: '.trash', maxDelete: '100%' },
    });
    await cloudsync.run('run', 'photos');
    await writeTree(cloudsync.directory.at('local/photos'), { 'letter.txt': 'another letter, by mistake\n' });
    const { document: run } = await cloudsync.json<{ readonly id: string }>('run', 'photos');

    const list = await cloudsync.json('restore', 'photos', '--list');
    const wrong = await cloudsync.run('restore', 'photos', '--to', 'back', '--at', 'photos-0');
    const right = await cloudsync.run('restore', 'photos', '--to', 'back', '--at', run.id);

    const size = 'a letter of photos\n'.length;
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(list.document).toEqual([{ name: run.id, at, outcome: 'Succeeded', files: 1, bytes: size }]);
    expect(await cloudsync.run('restore', 'photos', '--list')).toMatchObject({
      stdout: expect.stringMatching(new RegExp(`BACKUP.*SIZE[^]*${run.id} .* 1 +${size} B`)),
    });
    expect(wrong).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(`there is ${run.id}`) });
    expect(right).toMatchObject({ exitCode: 0 });
    expect(await restored(cloudsync)).toEqual({ 'letter.txt': 'a letter of photos\n' });
  });

  test('as a dry run shows the files and leaves nothing', async () => {
    await using cloudsync = await openAfterLoss();
    const before = await readTree(cloudsync.directory.path);

    const { exitCode, document } = await cloudsync.json<{ readonly changes: readonly object[] }>(
      ...(['restore', 'photos', '--to', 'back', '--dry-run'] as const),
    );

    expect(exitCode).toBe(0);
    expect(document.changes).toContainEqual({ action: 'copy', path: 'letter.txt', size: 9 });
    expect(await readTree(cloudsync.directory.path)).toEqual(before);
  });

  test('writes into a directory that is not empty only when told, and overwrites nothing', async () => {
    await using cloudsync = await openAfterLoss();
    await writeTree(cloudsync.directory.at('back'), { 'letter.txt': 'mine' });

    expect(await cloudsync.run('restore', 'photos', '--to', 'back')).toMatchObject({
      ...{ exitCode: 3, stdout: expect.stringContaining('is not empty') },
    });
    expect(await cloudsync.run('restore', 'photos', '--to', 'back', '--into-existing')).toMatchObject({ exitCode: 0 });
    expect(await restored(cloudsync)).toEqual({ ...kept, 'letter.txt': 'mine' });
  });

  test('of a PULL, without --to, or of no task says what to do', async () => {
    await using cloudsync = await openAfterLoss();
    await addTask(cloudsync, 'mail', { direction: 'PULL' });

    expect(await cloudsync.run('restore', 'mail', '--to', 'back')).toMatchObject({
      ...{ exitCode: 3, stdout: expect.stringContaining('"cloudsync run mail" brings them') },
    });
    expect(await cloudsync.run('restore', 'photos')).toMatchObject({ exitCode: 64 });
    expect(await cloudsync.run('restore', 'photo', '--to', 'back')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('no task photo') },
    });
    expect(await cloudsync.run('restore', 'photos', '--list')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('backupFolder') },
    });
  });

  test('ends with whoever asked a daemon for it', async () => {
    await using cloudsync = await openAfterLoss();
    await usePatientRclone(cloudsync);
    const daemon = await cloudsync.daemon();
    const running = cloudsync.start(['restore', 'photos', '--to', 'back']);
    await eventually('the restore is under way', async () => {
      const logs = await readdir(join(cloudsync.state, 'runs/photos'));
      return logs.some((name) => name.startsWith('restore-')) && descendantsOf(daemon.pid).length > 0 ? true : null;
    });

    process.kill(running.pid, 'SIGTERM');

    expect((await running.finished).exitCode).toBe(143);
    await eventually('nothing goes on', () => (descendantsOf(daemon.pid).length === 0 ? true : null));
    await daemon.logged('RestoreFinished', { outcome: 'Aborted' });
    expect(await daemon.stop()).toBe(0);
  });
});

describe.concurrent('restore --write', () => {
  test.for([
    ['a plain task', {}],
    [
      'one with everything',
      {
        ...{ encryption, exclude: ['*.tmp', '/cache/**'], include: ['*.txt', 'sub/*.jpg'], transfers: 2 },
        ...{ bandwidthLimit: ['08:00,512', '18:00,10M:1M', 'Sat-09:00,off'], rcloneFlags: { checkers: 16 } },
        ...{ schedule: 'daily', safety: { backupFolder: '.trash' }, createEmptySourceDirectories: true },
      },
    ],
    ['a list of paths', { path: ['../local/photos/letter.txt', '../local/photos/sub'] }],
    [
      'a list of paths, some of it',
      { path: ['../local/photos/letter.txt', '../local/photos/sub'], include: ['*.jpg'] },
    ],
  ] as const)('prints a manifest that is valid and does the same: %s', async ([, spec]) => {
    await using cloudsync = await openCloudsync();
    Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'a long password' });
    await addCredential(cloudsync);
    await addTask(cloudsync, 'photos', spec, files);
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
    await cloudsync.run('restore', 'photos', '--to', 'back');

    const written = await cloudsync.run('restore', 'photos', '--to', 'other', '--write');
    await cloudsync.manifest('photos-restore.yaml', written.stdout);
    const checked = await cloudsync.json<{ readonly problems: readonly object[] }>('validate');
    expect(checked.document.problems).toEqual([]);
    expect(await cloudsync.run('run', 'photos-restore')).toMatchObject({ exitCode: 0 });

    expect(await restored(cloudsync, 'other')).toEqual(await restored(cloudsync));
    expect(parse(written.stdout)).toMatchObject({
      metadata: { name: 'photos-restore' },
      spec: {
        direction: 'PULL',
        transferMode: 'COPY',
        enabled: false,
        remote: { credential: 'here', folder: 'photos' },
      },
    });
  });
});
