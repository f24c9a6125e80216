import { chmod, mkdir, rename, rm, symlink, unlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { writeTree } from '../../helper/file-tree.ts';
import { type Followed, follow, manifests, plain } from './followed.ts';
import { withoutPrivileges } from './namespaces.ts';

const two = (version: string) => ({ music: version, photos: version });

/** As `rm -rf`, while the daemon may be writing a status in there. */
function removeAll(path: string): Promise<void> {
  return rm(path, { recursive: true, maxRetries: 10 });
}

/** Asks for a pass, so that what follows is not a matter of time. */
async function refused({ cloudsync }: Followed, says: RegExp): Promise<void> {
  expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(says) });
}

function reasonsTold({ daemon }: Followed): readonly unknown[] {
  return daemon.lines.filter(({ event }) => event === 'SourceUnavailable').map(({ reason }) => reason);
}

describe.concurrent('a tasks directory', () => {
  test('that is removed and made again at once, over and over', async () => {
    await using followed = await follow({ layout: plain(two('0')) });
    const { directory } = followed;
    for (const version of ['1', '2', '3']) {
      await removeAll(directory.at('tasks.d'));
      await writeTree(directory.at('tasks.d'), manifests(two(version)));
      await followed.converged(two(version));
    }
    expect(await followed.deleted()).toEqual([]);
  });

  test('into whose place another is moved, and then another checkout around it', async () => {
    await using followed = await follow({
      async layout(directory) {
        await writeTree(directory.at('checkout/tasks.d'), manifests(two('0')));
        return directory.at('checkout/tasks.d');
      },
    });
    const { directory } = followed;
    await writeTree(directory.at('checkout/next'), manifests(two('1')));
    await rename(directory.at('checkout/tasks.d'), directory.at('checkout/old'));
    await rename(directory.at('checkout/next'), directory.at('checkout/tasks.d'));
    await followed.converged(two('1'));

    await writeTree(directory.at('next/tasks.d'), manifests(two('2')));
    await rename(directory.at('checkout'), directory.at('old'));
    await rename(directory.at('next'), directory.at('checkout'));
    await followed.converged(two('2'));
    await writeTree(directory.at('checkout/tasks.d'), manifests(two('3')));
    await followed.converged(two('3'));
    expect(await followed.deleted()).toEqual([]);
  });

  test('that goes together with the state directory, which is made anew with what is in force', async () => {
    await using followed = await follow({ layout: plain(two('0')) });
    const { directory, cloudsync, daemon } = followed;
    const tasks = directory.at('tasks.d');
    await cloudsync.run('run', 'photos');
    const history = await cloudsync.json<readonly { readonly id: string }[]>('history', 'photos');
    expect(history.document).toHaveLength(1);

    await removeAll(directory.at('state'));
    await removeAll(tasks);
    await mkdir(tasks);
    // What was active is known still, so that a directory without manifests is as suspicious as before.
    await daemon.logged('StateRemade');
    expect(await cloudsync.run('apply')).toMatchObject({ exitCode: 3 });
    await writeTree(tasks, manifests(two('1')));
    await followed.converged(two('1'));
    await writeTree(directory.at('next'), manifests(two('2')));
    await rename(directory.at('state'), directory.at('old-state'));
    await rename(tasks, directory.at('old'));
    await rename(directory.at('next'), tasks);
    await followed.converged(two('2'));

    expect(await cloudsync.json('history', 'photos')).toEqual(history);
    expect(await cloudsync.run('daemon')).toMatchObject({ exitCode: 5 });
    expect(await daemon.stop()).toBe(0);
    expect(daemon.lines.filter(({ event }) => event === 'StateRemade')).toHaveLength(2);
    expect(followed.everDone('create').toSorted()).toEqual(['music', 'photos']);
    expect(await followed.deleted()).toEqual([]);
  });

  test('that is gone for a while keeps every task, and is told of once', async () => {
    await using followed = await follow({ layout: plain(two('0')) });
    const { directory } = followed;
    await rename(directory.at('tasks.d'), directory.at('aside'));
    await refused(followed, /does not exist/);
    await refused(followed, /does not exist/);
    expect((await followed.cloudsync.run('next', 'photos')).exitCode).toBe(0);

    await rename(directory.at('aside'), directory.at('tasks.d'));
    await followed.converged(two('0'));
    expect(reasonsTold(followed)).toEqual(['Missing']);
    expect(await followed.deleted()).toEqual([]);
  });

  test('that becomes a file, a link to nowhere, a link to itself, and a link to a directory', async () => {
    await using followed = await follow({ layout: plain(two('0')) });
    const { directory } = followed;
    const tasks = directory.at('tasks.d');
    await removeAll(tasks);
    await directory.write('tasks.d', '');
    await refused(followed, /not a directory/);
    for (const [target, says] of [
      ['nowhere', /does not exist/],
      ['tasks.d', /ELOOP/],
    ] as const) {
      await unlink(tasks);
      await symlink(target, tasks);
      await refused(followed, says);
    }
    await writeTree(directory.at('elsewhere'), manifests(two('1')));
    await unlink(tasks);
    await symlink('elsewhere', tasks);
    await followed.converged(two('1'));
    await writeTree(directory.at('elsewhere'), manifests(two('2')));
    await followed.converged(two('2'));
    expect(await followed.deleted()).toEqual([]);
  });

  test('that may not be read for a while, as a whole and one folder of it', async () => {
    await using followed = await follow({
      async layout(directory) {
        await writeTree(directory.at('tasks.d'), manifests({ music: '0' }));
        await writeTree(directory.at('tasks.d/sub'), manifests({ photos: '0' }));
        await rm(directory.at('tasks.d/sub/here.yaml'));
        return directory.at('tasks.d');
      },
      within: withoutPrivileges,
      parameters: ['--status-dir', 'status'],
    });
    const { directory } = followed;
    await chmod(directory.at('tasks.d'), 0);
    await refused(followed, /EACCES/);
    await chmod(directory.at('tasks.d'), 0o755);
    await followed.cloudsync.run('apply');
    await chmod(directory.at('tasks.d/sub'), 0);
    const shown = expect.stringMatching(/the folder cannot be read: EACCES.*photos/s);
    expect(await followed.cloudsync.run('apply')).toMatchObject({ exitCode: 1, stdout: shown });
    await chmod(directory.at('tasks.d/sub'), 0o755);
    await followed.cloudsync.run('apply');
    await mkdir(directory.at('tasks.d/new'));
    await writeTree(directory.at('tasks.d'), { 'new/letters.yaml': manifests({ letters: '1' })['letters.yaml'] ?? '' });
    await followed.status('new/letters.yaml', ({ sync }) => sync === 'Synced');
    expect(reasonsTold(followed)).toEqual(['Unreadable']);
    expect(followed.everDone('create').toSorted()).toEqual(['letters', 'music', 'photos']);
    expect(await followed.deleted()).toEqual([]);
  });
});
