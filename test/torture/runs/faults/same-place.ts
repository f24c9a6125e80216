import { rm, symlink } from 'node:fs/promises';
import type { Fault } from '../fault.ts';

/** The remote becomes a link to the source, or a link into it: both sides are one place. */
export const samePlace: Fault = {
  name: 'both sides are one place',
  wish: { encryption: 'none', direction: 'PUSH' },
  async before({ source, destination }) {
    await rm(destination.root, { recursive: true, force: true });
    await symlink(source.root, destination.root);
  },
};
