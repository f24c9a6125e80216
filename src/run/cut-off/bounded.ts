import type { CutOff } from '../../model/cut-off.ts';

/** A task that fails each hour for a day or so is remembered run by run. */
const mostOfSpec = 16;
/** Of all tasks; each is a small file, but for those that list what they were to write. */
const most = 1000;

/** What to change so that no more is kept than this: the oldest of a spec become one, which spans the time of both. */
export function bounded(all: readonly CutOff[]): {
  readonly changed: readonly CutOff[];
  readonly gone: readonly string[];
} {
  const changed: CutOff[] = [];
  const gone: string[] = [];
  const oldestFirst = [...all].sort((one, other) => one.from - other.from);
  for (const spec of new Set(all.map(({ specHash }) => specHash))) {
    const ended = oldestFirst.filter(({ specHash, until }) => specHash === spec && until !== null);
    const excess = ended.slice(0, Math.max(0, ended.length - mostOfSpec + 1));
    const [first, ...others] = excess;
    if (first === undefined || others.length === 0) continue;
    changed.push(others.reduce(merged, first));
    gone.push(...others.map(({ runId }) => runId));
  }
  const left = oldestFirst.filter(({ runId }) => !gone.includes(runId));
  const tooMany = left.slice(0, Math.max(0, left.length - most)).map(({ runId }) => runId);
  return { changed: changed.filter(({ runId }) => !tooMany.includes(runId)), gone: [...gone, ...tooMany] };
}

function merged(one: CutOff, other: CutOff): CutOff {
  const until = one.until === null || other.until === null ? null : Math.max(one.until, other.until);
  const places = [...one.places, ...other.places.filter((place) => !one.places.some((each) => isSame(each, place)))];
  return { ...one, places, from: Math.min(one.from, other.from), until, expected: null };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
