import { chmod } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { fileSystemFacts } from '../../../src/place/disk/file-system.ts';
import type { FileSystem } from '../../../src/place/local-place.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

const fileSystem: FileSystem = { type: 'ext4', source: '/nonexistent', device: '0:0', point: '/' };

/** The id where `stat` of coreutils says this. */
async function idFrom(output: string, part: Partial<FileSystem> = {}) {
  await using directory = await temporaryDirectory();
  await directory.write('stat', `#!/bin/sh\n${output}\n`);
  await chmod(directory.at('stat'), 0o755);
  vi.stubEnv('PATH', directory.path);
  return (await fileSystemFacts({ ...fileSystem, ...part })).id;
}

describe('the id of a file system', () => {
  test('is the same from coreutils and from BusyBox, which print its two numbers in another order', async () => {
    expect(await idFrom('echo be88161ae2bb02f3')).toBe('be88161ae2bb02f3');
    expect(await idFrom('echo e2bb02f3be88161a')).toBe(await idFrom('echo be88161ae2bb02f3'));
    expect(await idFrom('echo 1ae2bb02f3')).toBe('0000001ae2bb02f3');
  });

  test.each(['xfs', 'tmpfs', 'f2fs', 'overlay', 'nfs4'])(
    'is not used where it may be that of the device: %s',
    async (type) => {
      expect(await idFrom('echo be88161ae2bb02f3', { type })).toBeNull();
    },
  );

  test.each(['echo 0', 'echo UNKNOWN', 'echo be88161ae2bb02f3; exit 1', ''])('is not known from %j', async (output) => {
    expect(await idFrom(output)).toBeNull();
  });

  test('is not known where there is no such program', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    expect((await fileSystemFacts(fileSystem)).id).toBeNull();
  });
});
