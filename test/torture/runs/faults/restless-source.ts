import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { between, pick } from '../random.ts';
import { digestOf } from '../side.ts';
import { randomContent, randomPath } from '../tree.ts';
import type { World } from '../world.ts';

/** Does one thing after the other to files of the source until the run is over. */
function restless(name: string, act: (world: World, path: string) => Promise<void>): Fault {
  return {
    name,
    async during(world, over) {
      const { random, source, touched } = world;
      const paths = [...(await source.files()).keys()];
      for (let turn = 0; turn < 8 && !over.aborted && paths.length > 0; turn += 1) {
        await pause(between(random, 0, 120));
        const path = pick(random, paths);
        touched.add(path);
        await act(world, path);
      }
    },
  };
}

export const vanishingFiles = restless('files vanish', ({ source }, path) => source.remove(path));

export const changingFiles = restless('files change', writeNew);

export const appearingFiles: Fault = restless('files appear', (world) => writeNew(world, randomPath(world.random)));

async function writeNew({ source, random, written }: World, path: string): Promise<void> {
  const content = randomContent(random);
  await source.write({ [path]: content });
  written.set(path, digestOf(content));
}
