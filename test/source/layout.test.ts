import { mkdir, readdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { statusPlacement } from '../../src/source/layout.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

describe('status files go', () => {
  test('beside the manifests of a plain directory, which stays as it is', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('tasks'));
    await symlink('tasks', directory.at('link'));
    expect(await statusPlacement(directory.at('tasks'))).toBe('beside');
    expect(await statusPlacement(directory.at('link'))).toBe('beside');
    expect(await statusPlacement(directory.at('missing'))).toBe('beside');
    expect(await readdir(directory.at('tasks'))).toEqual([]);
  });

  test('elsewhere when nothing can be written, even by root', async () => {
    expect(await statusPlacement('/proc/self')).toBe('readOnly');
  });

  test.each([`.worktrees/${'a'.repeat(40)}`, 'b'.repeat(40), 'c'.repeat(64), '.worktrees/branch'])(
    'elsewhere under a link to %s',
    async (target) => {
      await using directory = await temporaryDirectory();
      await mkdir(directory.at(target, 'tasks'), { recursive: true });
      await symlink(target, directory.at('current'));
      expect(await statusPlacement(directory.at('current/tasks'))).toBe('swappedCheckout');
    },
  );

  test('elsewhere in a ConfigMap, and in a folder of one', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('..2026_1/sub'), { recursive: true });
    await symlink('..2026_1', directory.at('..data'));
    await symlink('..data/sub', directory.at('sub'));
    expect(await statusPlacement(directory.path)).toBe('swappedCheckout');
    expect(await statusPlacement(directory.at('sub'))).toBe('swappedCheckout');
  });
});
