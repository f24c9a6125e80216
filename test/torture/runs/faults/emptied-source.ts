import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { between } from '../random.ts';
import type { World } from '../world.ts';

async function empty({ source, touched }: World): Promise<void> {
  for (const path of (await source.files()).keys()) {
    touched.add(path);
    await source.remove(path);
  }
}

export const emptiedSource: Fault = { name: 'the source is empty', before: empty };

export const emptiedDuringRun: Fault = {
  name: 'the source empties during the run',
  async during(world) {
    await pause(between(world.random, 0, 400));
    await empty(world);
  },
};
