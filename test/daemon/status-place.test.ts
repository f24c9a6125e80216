import { mkdir, rm, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openStatusStore, placeStatus } from '../../src/daemon/status-place.ts';
import type { StatusFile } from '../../src/model/status.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { tasksDirectory } from './tasks-directory.ts';

const file: StatusFile = {
  ...{ apiVersion: 'cloudsync/v1', kind: 'ManifestStatus', metadata: { name: null, manifest: 'a.yaml' } },
  status: {
    ...{ sync: 'Invalid', health: 'Unknown', verifiedAt: null, conditions: [], problems: [] },
    writer: { version: '1.2.3' },
  },
};

describe('placeStatus', () => {
  test('beside the manifests, where nothing speaks against it', async () => {
    await using directory = await tasksDirectory();
    const { settings } = directory;
    const place = await placeStatus(settings, stateDirectory(settings.stateDirectory));
    expect(place).toEqual({ directory: settings.tasksDirectory, reason: 'beside' });
  });

  test('where it was configured', async () => {
    await using directory = await tasksDirectory({ statusDirectory: '/srv/status' });
    const { settings } = directory;
    const place = await placeStatus(settings, stateDirectory(settings.stateDirectory));
    expect(place).toEqual({ directory: '/srv/status', reason: 'configured' });
  });

  test('in the state directory, where the checkout is swapped as a whole', async () => {
    await using directory = await tasksDirectory();
    await mkdir(directory.at('.worktrees/0123/tasks'), { recursive: true });
    await symlink('.worktrees/0123/tasks', directory.at('current'));
    const settings = { ...directory.settings, tasksDirectory: directory.at('current') };
    const place = await placeStatus(settings, stateDirectory(settings.stateDirectory));
    expect(place).toEqual({ directory: directory.at('state/status'), reason: 'swappedCheckout' });
  });
});

describe('openStatusStore', () => {
  test('does not bring back a tasks directory that is gone', async () => {
    await using directory = await tasksDirectory();
    const { settings } = directory;
    const store = openStatusStore({ directory: settings.tasksDirectory, reason: 'beside' }, settings);
    await rm(settings.tasksDirectory, { recursive: true });
    expect(await store.write('a.yaml', file)).toEqual({ ok: true, value: 'unchanged' });
    await expect(stat(settings.tasksDirectory)).rejects.toThrow('ENOENT');
    await mkdir(settings.tasksDirectory);
    expect(await store.write('a.yaml', file)).toEqual({ ok: true, value: 'written' });
  });

  test('makes a directory of its own', async () => {
    await using directory = await tasksDirectory();
    const store = openStatusStore({ directory: directory.at('a/b'), reason: 'configured' }, directory.settings);
    expect(await store.write('a.yaml', file)).toEqual({ ok: true, value: 'written' });
    expect((await stat(directory.at('a/b/a.status.json'))).isFile()).toBe(true);
  });
});
