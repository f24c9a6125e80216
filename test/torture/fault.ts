/** A call of the daemon at which it is killed. `failpoints.mjs` knows the targets. */
export interface Failpoint {
  readonly kind: 'failpoint';
  readonly phase: 'before' | 'after';
  readonly operation: 'sync' | 'datasync' | 'rename' | 'spawn';
  readonly target: string;
}

/** Killed from outside, some time after its start or after it has begun to serve. */
interface RandomMoment {
  readonly kind: 'moment';
  readonly since: 'start' | 'serving';
}

export type Fault = Failpoint | RandomMoment;

/** What is done at each place where a crash could leave half a change behind. */
const places = [
  ['datasync', 'journal'],
  ['sync', 'new journal'],
  ['rename', 'new journal'],
  ['sync', 'history'],
  ['rename', 'history'],
  ['sync', 'history folder'],
  ['sync', 'memory'],
  ['rename', 'memory'],
  ['datasync', 'active'],
  ['sync', 'new active'],
  ['rename', 'new active'],
  ['rename', 'verification'],
  ['sync', 'state folder'],
  ['rename', 'status'],
  ['spawn', 'transfer'],
  ['spawn', 'question'],
  ['spawn', 'script'],
] as const;

export const faults: readonly Fault[] = [
  ...places.flatMap(([operation, target]): Fault[] => [
    { kind: 'failpoint', phase: 'before', operation, target },
    { kind: 'failpoint', phase: 'after', operation, target },
  ]),
  { kind: 'moment', since: 'start' },
  { kind: 'moment', since: 'serving' },
];

/** What the person who reads the table sees. */
export function faultName(fault: Fault): string {
  if (fault.kind === 'moment') return `at a random moment after its ${fault.since === 'start' ? 'start' : 'recovery'}`;
  const { phase, operation, target } = fault;
  const calls = { sync: 'fsync of', datasync: 'fdatasync of', rename: 'rename to', spawn: 'start of' };
  return `${phase} ${calls[operation]} ${target}`;
}

/** A generator of numbers in [0, 1) that begins anew with each seed, so that a finding can be had again (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
