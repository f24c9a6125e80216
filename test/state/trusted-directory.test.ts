import { chmod, chown, lchown, mkdir, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openState } from '../../src/state/state-directory.ts';
import { distrustOf } from '../../src/state/trusted-directory.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const stranger = 12_345;

async function withState() {
  const directory = await temporaryDirectory();
  const state = directory.at('state');
  await mkdir(state, { mode: 0o700 });
  return { ...directory, state };
}

describe('distrustOf', () => {
  test('nothing speaks against a private directory, one that is to be made, or links of our own', async () => {
    await using place = await withState();
    await symlink('.', place.at('here'));
    await symlink(place.path, place.at('there'));
    for (const path of ['state', 'new/state', 'here/state', 'here/there/here/state', 'here/new']) {
      expect(await distrustOf(place.at(path))).toBe(null);
    }
  });

  test.for([
    ['a link', (state: string) => `The state directory ${state} is a link`, 'link'],
    ['a link of another user', (state: string) => `is reached through the link ${state}`, 'foreign'],
    [
      'a link in a folder that others may write',
      (state: string) => `is reached through the link ${state}`,
      'open/link',
    ],
    ['a link by way of another one', () => 'is reached through the link', 'way'],
  ] as const)('%s is refused', async ([, says, name]) => {
    await using place = await withState();
    await mkdir(place.at('open'));
    await chmod(place.at('open'), 0o777);
    await symlink(place.path, place.at('open/link'));
    await symlink(place.path, place.at('foreign'));
    await lchown(place.at('foreign'), stranger, stranger);
    await symlink('foreign', place.at('way'));
    await symlink('state', place.at('link'));
    const path = place.at(name);
    expect(await distrustOf(name === 'link' ? path : `${path}/state`)).toContain(says(path));
  });

  test('in a folder such as /tmp nobody can replace our link', async () => {
    await using place = await withState();
    await mkdir(place.at('open'));
    await chmod(place.at('open'), 0o1777);
    await symlink(place.path, place.at('open/link'));
    expect(await distrustOf(place.at('open/link/state'))).toBe(null);
  });

  test.for([
    ['of another user', stranger, 0, 0o700, /belongs to user 12345.*Start Cloudsync as user 12345/],
    ['that everybody may write', 0, 0, 0o1777, /Other users may write in .* \(mode 01777\).*chmod go-w/],
    ['that a group may write in which we are not', 0, stranger, 0o2770, /Other users may write in/],
  ] as const)('a directory %s is refused, and left as it is', async ([, uid, gid, mode, says]) => {
    await using place = await withState();
    await chown(place.state, uid, gid);
    await chmod(place.state, mode);
    expect(await distrustOf(place.state)).toMatch(says);
    const opened = await openState(place.state);
    expect(opened.ok ? '' : opened.error).toMatch(says);
    expect(opened.ok ? '' : opened.error).not.toContain('writable');
    expect((await stat(place.state)).mode & 0o7777).toBe(mode);
  });
});
