import { execFileSync } from 'node:child_process';
import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { follow, manifest, plain } from './followed.ts';

describe.concurrent('edits', () => {
  test('by temporary file and rename, in place, and by removing and writing again', async () => {
    await using followed = await follow({ layout: plain({ music: '0', photos: '0' }) });
    const { directory } = followed;
    const photos = directory.at('tasks.d/photos.yaml');

    for (const version of ['1', '2', '3']) {
      await directory.write('tasks.d/.photos.yaml.swp', manifest('photos', version));
      await rename(directory.at('tasks.d/.photos.yaml.swp'), photos);
      await followed.converged({ music: '0', photos: version });
    }
    await writeFile(photos, manifest('photos', '4'));
    await followed.converged({ music: '0', photos: '4' });
    await rm(photos);
    await writeFile(photos, manifest('photos', '5'));
    await followed.converged({ music: '0', photos: '5' });

    expect(await followed.deleted()).toEqual([]);
  });
});

test.concurrent('a manifest that becomes something else keeps its last good version until it is one again', async () => {
  await using followed = await follow({ layout: plain({ music: '0', photos: '0' }) });
  const { directory } = followed;
  const photos = directory.at('tasks.d/photos.yaml');
  const others: readonly (() => unknown)[] = [
    () => execFileSync('mkfifo', [photos]),
    () => symlink('nowhere', photos),
    () => symlink('photos.yaml', photos),
    () => symlink('/etc/hostname', photos),
    () => writeFile(photos, Uint8Array.of(0xff)),
    () => writeFile(photos, ''),
  ];
  for (const [index, become] of others.entries()) {
    await rm(photos);
    await become();
    await followed.status('photos.yaml', ({ sync, applied }) => sync === 'Invalid' && applied !== null);
    await rm(photos);
    await writeFile(photos, manifest('photos', `${index}`));
    await followed.converged({ music: '0', photos: `${index}` });
  }
  // A folder of that name is none.
  await directory.write('tasks.d/folder.yaml/letters.yaml', manifest('letters', '1'));
  await followed.status('folder.yaml/letters.yaml', ({ sync }) => sync === 'Synced');
  expect(await followed.deleted()).toEqual([]);
});
