import { chmod, mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../../../src/model/history.ts';
import { snapshotFolders } from '../../../src/model/snapshot-folder.ts';
import type { TaskSpec } from '../../../src/model/task.ts';
import { checkTask } from '../../../src/run/check-task.ts';
import { restore } from '../../../src/run/restore/restore.ts';
import { reversedManifest } from '../../../src/run/restore/reversed-manifest.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { openWithTask } from '../../helper/task.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../helper/temporary-directory.ts';
import { localTask } from '../../run/local-task.ts';
import { realRun, realTools } from '../../run/real-run.ts';

const environment = { ...process.env, CRYPT: 'a long password' };
const encryption = { password: { fromEnv: 'CRYPT' }, salt: null, filenames: true };

/** Snapshots at the top and of a data set below, beside names that only look like them. */
const snapshots = {
  ...Object.fromEntries(snapshotFolders.map((name) => [`${name}/daily/file`, 'old'])),
  'sub/.zfs/snapshot/daily/file': 'old',
};
const own = { file: 'f', 'sub/file': 'f', '.snapshots/mine': 'm', 'sub/name.zfs/file': 'f', 'odd/.zfs': 'a file' };

async function run(directory: TemporaryDirectory, part: Partial<TaskSpec>, dryRun = false) {
  return realRun(await localTask(directory, 'photos', part), realTools(directory, { environment }), dryRun);
}

describe('folders in which a file system shows its snapshots', () => {
  test.each<[string, Partial<TaskSpec>]>([
    ['SYNC', { transferMode: 'SYNC' }],
    ['COPY through an encryption', { encryption }],
    ['MOVE', { transferMode: 'MOVE' }],
    ['COPY with an include that names them', { include: ['.zfs/**', '/.zfs/', '**/.zfs/**', '**'] }],
    ['COPY within limits', { maxSizeBytes: 1000 }],
  ])('are not sent: %s', async (_, part) => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { ...own, ...snapshots });
    expect((await run(directory, part)).ending).toMatchObject({ outcome: 'Succeeded' });

    const left = await readTree(directory.at('source'));
    expect(left).toEqual(part.transferMode === 'MOVE' ? snapshots : { ...own, ...snapshots });
    const back = { encryption: part.encryption ?? null, direction: 'PULL', paths: [directory.at('back')] } as const;
    await run(directory, back);
    expect(await readTree(directory.at('back'))).toEqual(own);
  });

  test.each(['PUSH', 'PULL'] as const)(
    'a SYNC by %s deletes nothing in them, and does not try to',
    async (direction) => {
      await using directory = await temporaryDirectory();
      const [from, to] = direction === 'PUSH' ? ['source', 'remote/photos'] : ['remote/photos', 'source'];
      await writeTree(directory.at(from), own);
      await writeTree(directory.at(to), { ...snapshots, gone: 'g' });
      // As in a file system that nobody can write to.
      await chmod(directory.at(to, '.zfs/daily'), 0o555);
      const part = { direction, transferMode: 'SYNC' } as const;

      const dry = await run(directory, part, true);
      const deleted = dry.heard.events.flatMap((event) =>
        event.type === 'RunChange' && event.change.action === 'delete' ? [event.change.path] : [],
      );
      expect(deleted).toEqual(['gone']);
      const { ending } = await run(directory, part);
      expect(ending).toMatchObject({ outcome: 'Succeeded', warnings: [], stats: { deletes: 1 } });
      expect(await readTree(directory.at(to))).toEqual({ ...own, ...snapshots });
    },
  );

  test('a source that holds nothing else is empty', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), snapshots);
    await writeTree(directory.at('remote/photos'), { precious: 'p' });
    expect((await run(directory, { transferMode: 'SYNC' })).ending.outcome).toBe('Blocked');
    expect(await readTree(directory.at('remote/photos'))).toEqual({ precious: 'p' });
  });

  test('are neither compared nor restored, where an earlier version has sent them', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { file: 'f', '.zfs/x': 'here' });
    await writeTree(directory.at('remote/photos'), { file: 'f', '.zfs/x': 'there' });
    const task = await localTask(directory, 'photos', { transferMode: 'SYNC' });
    const about = { runId: 'check-1', download: false, sample: null, run: null, lastSuccessAt: null };
    expect(await checkTask(task, about, realTools(directory))).toMatchObject({
      verdict: 'Equal',
      counts: { equal: 1, differing: 0, extra: 0 },
    });
    const order = { directory: directory.at('back'), backup: null, include: [], intoExisting: false, dryRun: false };
    const restoring = { runId: 'restore-1', history: emptyHistory };
    const { ending } = await restore(task, order, restoring, realTools(directory));
    expect(ending).toMatchObject({ outcome: 'Succeeded' });
    expect(await readTree(directory.at('back'))).toEqual({ file: 'f' });
    const manifest = await reversedManifest(task, { directory: directory.at('back'), backup: null, include: [] });
    expect(JSON.stringify(manifest)).not.toContain('.zfs');
  });

  test('one snapshot is sent where the task names it', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), snapshots);
    await run(directory, { paths: [directory.at('source/.zfs/daily')] });
    expect(await readTree(directory.at('remote/photos'))).toEqual({ file: 'old' });
  });
});

test('the explanation of filters says so', async () => {
  await using cloudsync = await openWithTask({ include: ['/.zfs/**', '*.jpg'] });
  await mkdir(cloudsync.directory.at('local/photos/.zfs'), { recursive: true });
  const told = await cloudsync.run('validate', '--explain-filters', 'photos', '.zfs/', '.zfs/snapshot/a.jpg', 'a.jpg');
  const always = 'excluded: folders in which a file system shows its snapshots are always left out';
  expect(told.stdout.split('\n')).toEqual([
    `- .zfs/                 ${always}`,
    `- .zfs/snapshot/a.jpg   excluded: its folder .zfs/ is not entered, ${always}`,
    '+ a.jpg                 included by include[1] "*.jpg"',
    '',
  ]);
});
