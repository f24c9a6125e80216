import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import type { TemporaryDirectory } from '../../helper/temporary-directory.ts';
import { follow, manifests, pointLink } from './followed.ts';

const commits = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40));
const tasksAt = (version: number) => ({ music: '0', photos: `${version}` });

describe.concurrent('a checkout that git-sync publishes', () => {
  test.for([
    ['above the tasks directory', 'tasks.d'],
    ['at the tasks directory', '.'],
  ] as const)('by a link %s, three times, removing the old one', async ([, folder]) => {
    const publish = async (directory: TemporaryDirectory, version: number) => {
      const worktree = join('.worktrees', commits[version] ?? '');
      await writeTree(directory.at('root', worktree, folder), manifests(tasksAt(version)));
      await pointLink(directory.at('root/current'), worktree);
      if (version > 0) await rm(directory.at('root/.worktrees', commits[version - 1] ?? ''), { recursive: true });
    };
    await using followed = await follow({
      async layout(directory) {
        await publish(directory, 0);
        return directory.at('root/current', folder);
      },
    });
    const { directory, daemon } = followed;
    expect(await daemon.logged('StatusPlaced')).toMatchObject({
      ...{ reason: 'swappedCheckout', directory: directory.at('state/status') },
    });
    for (const version of [1, 2, 3]) {
      await publish(directory, version);
      await followed.converged(tasksAt(version));
      const revision = commits[version];
      expect(await followed.status('photos.yaml')).toMatchObject({ observed: { revision }, applied: { revision } });
    }
    // Never changed since the first.
    expect(await followed.status('music.yaml')).toMatchObject({ observed: { revision: commits[0] } });
    expect(followed.everDone('update')).toEqual(['photos', 'photos', 'photos']);
    expect(await followed.deleted()).toEqual([]);
    expect(Object.keys(await readTree(directory.at('root'))).filter((path) => path.includes('status'))).toEqual([]);
  });
});

test.concurrent('a ConfigMap that the kubelet swaps three times', async () => {
  const publish = async (directory: TemporaryDirectory, version: number) => {
    await writeTree(directory.at(`map/..2026_${version}`), manifests(tasksAt(version)));
    await pointLink(directory.at('map/..data'), `..2026_${version}`);
    if (version > 0) await rm(directory.at(`map/..2026_${version - 1}`), { recursive: true });
  };
  await using followed = await follow({
    async layout(directory) {
      await publish(directory, 0);
      for (const name of Object.keys(manifests(tasksAt(0)))) await symlink(`..data/${name}`, directory.at('map', name));
      return directory.at('map');
    },
  });
  for (const version of [1, 2, 3]) {
    await publish(followed.directory, version);
    await followed.converged(tasksAt(version));
  }
  expect(followed.everDone('update')).toEqual(['photos', 'photos', 'photos']);
  expect(await followed.deleted()).toEqual([]);
});
