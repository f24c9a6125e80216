import type { CutOff, Expected } from '../../model/cut-off.ts';
import { err, ok, type Result } from '../../model/result.ts';
import { isSuccess } from '../../model/run.ts';
import { type LocalPlace, showsOthers } from '../../place/local-place.ts';
import type { Place } from '../../place/place.ts';
import type { Ending } from '../ending.ts';
import type { RcloneUse } from '../guard/verdict.ts';
import type { Job } from '../job.ts';
import type { RunOrder, RunTools } from '../run-order.ts';
import { forgetSettled, listingOf, rootsOf, suspicionsAt } from './find.ts';
import { writtenPlace } from './written-place.ts';

/** What an attempt writes, for the runs that read there should it not come to its end. */
export interface Writing {
  /** Called before rclone writes anything; durable once it resolves. The error is a sentence. */
  begin(): Promise<Result<void, string>>;
  /** The same, with the files that are to be written, as far as they are not written yet. */
  expect(paths: ReadonlySet<string>): Promise<Result<void, string>>;
  /** Called when the last rclone of the attempt has ended. */
  end(ending: Ending, job: Job, rclone: RcloneUse): Promise<void>;
}

/** What nobody else reads before it is complete. */
export const unseenWriting: Writing = {
  begin: async () => ok(undefined),
  expect: async () => ok(undefined),
  end: async () => {},
};

/** Some tens of megabytes. */
const mostPaths = 200_000;
/** A file system may round times, and a server has a clock of its own. */
const slackMs = { disk: 2000, server: 60_000 } as const;

type WritingTools = Pick<RunTools, 'cutOffs' | 'environment'>;

export function openWriting(order: RunOrder, tools: WritingTools): Writing {
  const { task, runId } = order;
  const side = task.spec.direction === 'PUSH' ? 'far' : 'here';
  let open: CutOff | null = null;
  let isFirst = true;

  async function put(cutOff: CutOff): Promise<Result<void, string>> {
    open = cutOff;
    const written = await tools.cutOffs.put(cutOff);
    return written.ok ? written : err(`nothing was sent, as it could not be recorded: ${written.error}`);
  }

  async function start(expected: Expected | null): Promise<Result<void, string>> {
    const roots = await rootsOf(task, tools.environment);
    if (!roots.ok) return roots;
    const places = roots.value[side].flatMap(writtenPlace);
    if (places.length === 0) return ok(undefined);
    // An attempt before this one may have left something too.
    const before = (await tools.cutOffs.all()).find((each) => each.runId === runId);
    isFirst = before === undefined;
    return put({
      ...{ runId, task: task.name, specHash: task.specHash, places, encrypted: task.spec.encryption !== null },
      from: before?.from ?? Date.now() - slackOf(roots.value[side]),
      until: null,
      expected,
    });
  }

  return {
    begin: () => (open === null ? start(null) : Promise.resolve(ok(undefined))),
    expect: (paths) => (open === null ? start(expectedOf(paths)) : put({ ...open, expected: expectedOf(paths) })),
    async end(ending, job, rclone) {
      const hasWritten = open;
      open = null;
      if (!isSuccess(ending.outcome)) {
        if (hasWritten !== null) await tools.cutOffs.put(await closed(hasWritten));
        return;
      }
      if (hasWritten !== null && isFirst) await tools.cutOffs.drop([runId]);
      const left = await suspicionsAt(side, task, tools);
      if (!left.ok || left.value.length === 0) return;
      // All that a run of this spec has written was compared with its source again.
      const same = left.value.filter(({ cutOff, named }) => named && cutOff.specHash === task.specHash);
      const done = ending.outcome === 'Succeeded' ? same : [];
      await tools.cutOffs.drop(done.map(({ cutOff }) => cutOff.runId));
      const others = left.value.filter((each) => !done.includes(each));
      await forgetSettled(others, listingOf('destination', job, true), tools.cutOffs, rclone);
    },
  };

  /** The folder may not have been there when the run began. */
  async function closed(cutOff: CutOff): Promise<CutOff> {
    const roots = await rootsOf(task, tools.environment);
    if (!roots.ok) return { ...cutOff, until: Date.now() + slackMs.server };
    const places = roots.value[side];
    return { ...cutOff, places: places.flatMap(writtenPlace), until: Date.now() + slackOf(places) };
  }
}

function expectedOf(paths: ReadonlySet<string>): Expected {
  const listable = paths.size <= mostPaths && [...paths].every((path) => !/\p{Cc}/u.test(path));
  return { count: paths.size, paths: listable ? [...paths].sort() : null };
}

function slackOf(places: readonly Place[]): number {
  return places.every((place) => place.kind === 'local' && isOnDisk(place)) ? slackMs.disk : slackMs.server;
}

function isOnDisk({ fileSystem }: LocalPlace): boolean {
  return fileSystem !== null && !showsOthers(fileSystem);
}
