import type { Clock } from '../model/clock.ts';
import type { Emit } from '../model/event.ts';
import { err, ok, type Result } from '../model/result.ts';
import { pointLastTo } from '../state/last-link.ts';
import { acquireOwnership } from '../state/owner.ts';
import type { ControlHandlers } from './control-handlers.ts';
import type { Identity, JudgingOptions } from './control-routes.ts';
import { createControlServer } from './control-server.ts';
import { type Engine, openEngine } from './engine.ts';
import type { Settings } from './settings.ts';
import { createStateKeeper, type KeepState } from './state-keeper.ts';
import { prepareState } from './state-place.ts';
import { openStatusStore, placeStatus } from './status-place.ts';

export interface SessionOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  readonly emit: Emit;
  /** Whether what the manifests say is applied without anybody asking; left out: it is not. */
  readonly automatic?: boolean;
}

/** The state directory, held: nobody else writes it until the session is closed. */
export interface Session {
  readonly engine: Engine;
  /** From now on others can ask for these over the socket. */
  serve(handlers: ControlHandlers): void;
  /** Makes the state directory anew where it was lost. */
  readonly keepState: KeepState;
  close(): Promise<void>;
}

export interface SessionFailure {
  readonly kind: 'held' | 'failed';
  readonly message: string;
}

export async function openSession(
  options: SessionOptions,
  command: Identity['command'],
): Promise<Result<Session, SessionFailure>> {
  const { settings } = options;
  const open = () => prepareState(settings, options.environment);
  const state = await open();
  if (!state.ok) return err({ kind: 'failed', message: state.error });

  let handlers: ControlHandlers | null = null;
  const identity = { pid: process.pid, version: settings.version, command, options: judgingOptions(settings) };
  const server = createControlServer(identity, () => handlers);
  const ownership = await acquireOwnership(state.value, server);
  if (!ownership.ok) return ownership;
  const isBesideOthers = settings.stateOrigin === 'machine' || settings.stateOrigin === 'home';
  if (command === 'daemon' && isBesideOthers) await pointLastTo(state.value.path);

  const place = await placeStatus(settings, state.value);
  options.emit({ type: 'StatusPlaced', ...place });
  const statusStore = openStatusStore(place, settings);
  const { automatic = false } = options;
  const firing = command === 'daemon';
  const engine = await openEngine({ ...options, automatic, firing, state: state.value, statusStore });
  const keepState = await createStateKeeper({
    ...{ state: state.value, open, ownership: ownership.value, rewrite: engine.rewriteState, emit: engine.emit },
  });
  return ok({
    ...{ engine, keepState },
    serve(served) {
      handlers = served;
    },
    async close() {
      await engine.close();
      await ownership.value.release();
    },
  });
}

function judgingOptions(settings: Settings): JudgingOptions {
  const { tasksName, tasksDirectory, selection, prune, pruneGraceMs, strict, pathRoots, commands } = settings;
  return { tasksName, tasksDirectory, selection, prune, pruneGraceMs, strict, pathRoots, commands };
}
