import type { Fault } from '../fault.ts';

/** To compare with: whatever is found here is not the doing of a fault. */
export const nothing: Fault = { name: 'nothing at all' };
