import type { Wish, World } from './world.ts';

/** Something that happens to a task, at one of its runs. */
export interface Fault {
  readonly name: string;
  /** What the task has to be like for it. */
  readonly wish?: Partial<Wish>;
  /** Once, before the first run; `false` where the machine does not permit it. */
  prepare?(world: World): Promise<boolean>;
  /** Right before the preview and the run. */
  before?(world: World): Promise<void>;
  /** From the start of the run on; `over` ends with it. */
  during?(world: World, over: AbortSignal): Promise<void>;
  /** Undoes what would outlive the world. */
  clean?(world: World): Promise<void>;
}
