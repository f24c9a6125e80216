import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Fault } from '../fault.ts';
import { between } from '../random.ts';

const execute = promisify(execFile);

/** A file system of a few hundred kilobytes at the destination; needs the right to mount. */
export const fullDisk: Fault = {
  name: 'the disk is full',
  async prepare({ destination: { root }, random }) {
    await mkdir(root, { recursive: true });
    const options = ['-t', 'tmpfs', '-o', `size=${between(random, 40, 400)}k`, 'tmpfs', root];
    return execute('mount', options).then(
      () => true,
      () => false,
    );
  },
  async clean({ destination: { root } }) {
    await execute('umount', ['--lazy', root]).catch(() => undefined);
  },
};
