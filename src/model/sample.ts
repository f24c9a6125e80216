import { createHash } from 'node:crypto';

/** Chooses some of a stream of names, of which it keeps no more than it chooses. */
export interface Sampler {
  offer(name: string): void;
  /** In the order in which they were drawn. */
  chosen(): readonly string[];
}

/** The same seed chooses the same names of the same set, in whichever order they come. */
export function createSampler(size: number, seed: string): Sampler {
  /** Sorted by draw. */
  const kept: Drawn[] = [];

  return {
    offer(name) {
      if (size === 0) return;
      const draw = createHash('sha256').update(`${seed}\0${name}`).digest('hex');
      const last = kept.at(-1);
      if (kept.length === size && last !== undefined && last.draw <= draw) return;
      const index = kept.findIndex((each) => each.draw > draw);
      kept.splice(index < 0 ? kept.length : index, 0, { draw, name });
      if (kept.length > size) kept.pop();
    },
    chosen: () => kept.map(({ name }) => name),
  };
}

interface Drawn {
  readonly draw: string;
  readonly name: string;
}
