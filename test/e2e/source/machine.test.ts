import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { follow, manifest, manifests, plain } from './followed.ts';
import { beside, requireNamespaces, withLimits, withMounts } from './namespaces.ts';

beforeAll(requireNamespaces);

describe.concurrent('exhausted inotify', () => {
  test.for([
    ['watches', { max_inotify_watches: 3 }, 'ENOSPC'],
    ['instances', { max_inotify_instances: 0 }, 'EMFILE'],
  ] as const)('%s: told once, and the directory is read every 5 s', async ([, limits, code]) => {
    await using followed = await follow({ layout: plain({ photos: '0' }), within: withLimits(limits) });
    const { directory, daemon } = followed;
    expect(await daemon.logged('WatchDegraded')).toMatchObject({ detail: expect.stringContaining(code) });

    await directory.write('tasks.d/photos.yaml', manifest('photos', '1'));
    await directory.write('tasks.d/sub/music.yaml', manifest('music', '1'));
    await followed.status('sub/music.yaml', ({ sync }) => sync === 'Synced');

    expect(followed.everDone('update')).toEqual(['photos']);
    expect(daemon.lines.filter(({ event }) => event === 'WatchDegraded')).toHaveLength(1);
  });
});

describe.concurrent('a tasks directory', () => {
  test('that is read-only has its status in the state directory', async () => {
    const tasks = '"$CLOUDSYNC_TASKS"';
    await using followed = await follow({
      layout: plain({ photos: '0' }),
      within: withMounts(`mount --bind ${tasks} ${tasks}`, `mount -o remount,bind,ro ${tasks}`),
    });
    const { directory, daemon } = followed;
    expect(await daemon.logged('StatusPlaced')).toMatchObject({
      ...{ reason: 'readOnly', directory: directory.at('state/status') },
    });
    await followed.converged({ photos: '0' });
    // Where we are it can be written, and it is the same directory.
    await directory.write('tasks.d/photos.yaml', manifest('photos', '1'));
    await followed.converged({ photos: '1' });
    expect(Object.keys(await readTree(directory.at('tasks.d')))).toEqual(['.gitkeep', 'here.yaml', 'photos.yaml']);
  });

  test('on an overlay: files of either layer are edited, made and removed through it', async () => {
    await using followed = await follow({
      async layout(directory) {
        await writeTree(directory.at('lower/tasks.d'), manifests({ music: '0', photos: '0' }));
        await writeTree(directory.at('upper/tasks.d'), { 'letters.yaml': manifest('letters', '0') });
        for (const folder of ['work', 'merged']) await directory.write(`${folder}/.keep`, '');
        return directory.at('merged/tasks.d');
      },
      within: withMounts(
        'rm work/.keep',
        'mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged',
      ),
      beside,
    });
    const { directory, daemon } = followed;
    await followed.converged({ letters: '0', music: '0', photos: '0' });

    const merged = join(`/proc/${daemon.pid}/root`, directory.at('merged/tasks.d'));
    await writeFile(join(merged, 'photos.yaml'), manifest('photos', '1'));
    await writeFile(join(merged, '.letters.tmp'), manifest('letters', '1'));
    await rename(join(merged, '.letters.tmp'), join(merged, 'letters.yaml'));
    await followed.converged({ letters: '1', music: '0', photos: '1' });
    await writeTree(join(merged, 'sub'), { 'films.yaml': manifest('films', '1') });
    await followed.status('sub/films.yaml', ({ sync }) => sync === 'Synced');
    expect(await followed.deleted()).toEqual([]);
  });

  test('in a checkout whose root is bind-mounted, also when it is replaced there', async () => {
    await using followed = await follow({
      async layout(directory) {
        await writeTree(directory.at('checkout/tasks.d'), manifests({ photos: '0' }));
        await directory.write('mounted/.keep', '');
        return directory.at('mounted/tasks.d');
      },
      within: withMounts('mount --bind checkout mounted'),
      beside,
    });
    const { directory } = followed;
    await followed.converged({ photos: '0' });
    await writeTree(directory.at('checkout/next'), manifests({ photos: '1' }));
    await rename(directory.at('checkout/tasks.d'), directory.at('checkout/old'));
    await rename(directory.at('checkout/next'), directory.at('checkout/tasks.d'));
    await followed.converged({ photos: '1' });
    await directory.write('checkout/tasks.d/photos.yaml', manifest('photos', '2'));
    await followed.converged({ photos: '2' });
    expect(await followed.deleted()).toEqual([]);
  });
});
