import { type Clock, systemClock } from '../model/clock.ts';
import { type Result, unreachable } from '../model/result.ts';
import type { Snapshot, SourceUnavailable } from '../model/snapshot.ts';
import { readIdentity } from './identity.ts';
import { directoriesOf, takeSnapshot } from './snapshot.ts';
import { openWatchers } from './watchers.ts';

export interface WatchOptions {
  readonly directory: string;
  /** Where a process before this one has ended, if that is known. */
  readonly recalled?: Snapshot | null;
  /** `auto`: by events, and now and then anyway. `poll`: every 5 s. `off`: only when asked. */
  readonly mode: 'auto' | 'poll' | 'off';
  readonly debounceMs?: number;
  readonly maxWaitMs?: number;
  readonly resyncMs?: number;
  readonly clock?: Clock;
  /** Ends waiting for a running Git, as closing does. */
  readonly signal?: AbortSignal;
  /**
   * Called after every pass, whether or not something changed; the next one begins only when it has finished. Gives the
   * milliseconds after which the directory is to be read again, in any mode; `null` leaves that to the mode.
   */
  readonly onSnapshot: (result: Result<Snapshot, SourceUnavailable>) => Promise<number | null>;
  /** Events do not arrive any more; from now on the directory is read every 5 s. Called once at most. */
  readonly onDegraded: (detail: string) => void;
}

/** What is done with the result of one pass. */
type Take = (result: Result<Snapshot, SourceUnavailable>) => Promise<void>;

export interface Source {
  /**
   * A full pass that begins after this call. Resolves when its `onSnapshot` has finished; callers share a pass. `first`
   * is done with its result before, unless the source was closed.
   */
  reconcile(first?: Take): Promise<void>;
  /** Waits for a pass under way, so neither this nor `reconcile` may be awaited inside `onSnapshot`. */
  close(): Promise<void>;
}

/**
 *            hint                  timer                hint, reconcile
 *   idle ───────────▶ debouncing ─────────▶ scanning ─────────────────▶ queued
 *    ▲                                       │    ▲                       │
 *    └───────────────────────────────────────┘    └───────────────────────┘
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'debouncing'; readonly since: number; readonly cancel: () => void }
  | { readonly kind: 'scanning'; readonly done: Promise<void> }
  /** `next` is there when someone waits for the pass that follows; else it is debounced. */
  | { readonly kind: 'queued'; readonly done: Promise<void>; readonly next: Promise<void> | null }
  | { readonly kind: 'closed' };

/** How often to look when there are no events to go by, or when the last look failed. */
const shortResyncMs = 5_000;

/** Watches the tasks directory. Resolves after the first pass and its `onSnapshot`. */
export async function watchSource(options: WatchOptions): Promise<Source> {
  const { directory, mode, debounceMs = 150, maxWaitMs = 2_000, resyncMs = 30_000, clock = systemClock } = options;
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  let state: State = { kind: 'idle' };
  let previous: Snapshot | null = options.recalled ?? null;
  let degraded = mode === 'poll';
  let cancelResync = (): void => {};
  /** For the next pass that begins. */
  let asked: Take[] = [];

  const watchers = openWatchers({
    onHint: hint,
    onFailure(detail) {
      degraded = true;
      options.onDegraded(detail);
    },
  });

  function hint(): void {
    switch (state.kind) {
      case 'idle':
        debounce(clock.now());
        break;
      case 'debouncing':
        state.cancel();
        debounce(state.since);
        break;
      case 'scanning':
        state = { kind: 'queued', done: state.done, next: null };
        break;
      case 'queued':
      case 'closed':
        break;
      default:
        unreachable(state);
    }
  }

  function debounce(since: number): void {
    const delayMs = Math.max(0, Math.min(debounceMs, since + maxWaitMs - clock.now()));
    state = { kind: 'debouncing', since, cancel: clock.setTimer(() => void start(), delayMs) };
  }

  function start(): Promise<void> {
    if (state.kind === 'debouncing') state.cancel();
    cancelResync();
    const done = pass().then(settle);
    state = { kind: 'scanning', done };
    return done;
  }

  async function pass(): Promise<void> {
    const before = asked;
    asked = [];
    await rebind();
    const result = await takeSnapshot({ directory, previous, signal });
    if (result.ok) previous = result.value;
    // What changed between the reading and the start of a watcher was seen by neither.
    if (await rebind()) hint();
    for (const take of before) if (state.kind !== 'closed') await take(result);
    const wantedMs = state.kind === 'closed' ? null : await options.onSnapshot(result);
    scheduleResync(result.ok && !degraded ? resyncMs : shortResyncMs, wantedMs);
  }

  async function rebind(): Promise<boolean> {
    if (mode !== 'auto' || state.kind === 'closed') return false;
    const identity = await readIdentity(directory);
    const directories = previous === null || !identity.real.ok ? new Map<string, string>() : directoriesOf(previous);
    return watchers.follow({ identityKey: identity.key, ancestors: identity.ancestors, directories });
  }

  function settle(): void {
    if (state.kind === 'scanning') state = { kind: 'idle' };
    if (state.kind !== 'queued' || state.next !== null) return;
    state = { kind: 'idle' };
    hint();
  }

  function scheduleResync(usualMs: number, wantedMs: number | null): void {
    // Many daemons on one network share must not all read it at the same moment.
    const jitter = 0.9 + Math.random() * 0.2;
    const delaysMs = [mode === 'off' ? [] : usualMs * jitter, wantedMs ?? []].flat();
    if (delaysMs.length === 0 || state.kind === 'closed') return;
    cancelResync = clock.setTimer(() => void reconcile(), Math.min(...delaysMs));
  }

  function reconcile(): Promise<void> {
    switch (state.kind) {
      case 'idle':
      case 'debouncing':
        return start();
      case 'scanning':
      case 'queued': {
        if (state.kind === 'queued' && state.next !== null) return state.next;
        const next = state.done.then(() => (state.kind === 'closed' ? undefined : start()));
        state = { kind: 'queued', done: state.done, next };
        return next;
      }
      case 'closed':
        return Promise.resolve();
      default:
        return unreachable(state);
    }
  }

  async function close(): Promise<void> {
    const last = state;
    state = { kind: 'closed' };
    closing.abort();
    cancelResync();
    if (last.kind === 'debouncing') last.cancel();
    if (last.kind === 'scanning' || last.kind === 'queued') await last.done;
    watchers.close();
  }

  await start();
  return {
    reconcile(first) {
      if (first !== undefined) asked.push(first);
      return reconcile();
    },
    close,
  };
}
