import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { connect } from '../daemon/control-client.ts';
import type { JudgingOptions } from '../daemon/control-routes.ts';
import type { Settings } from '../daemon/settings.ts';

/**
 * Says, in words, that a running daemon judges manifests by other options than this command was given, so that it
 * would do something else than was asked for; `null`: nothing of that kind. What was not given is the daemon's to know.
 */
export async function otherOptions(command: Command, settings: Settings): Promise<string | null> {
  const client = await connect(settings.stateDirectory);
  const there = client?.identity.options;
  if (client?.identity.command !== 'daemon' || there === undefined) return null;
  const holder = `the daemon (process ${client.identity.pid})`;
  const others = judged.filter(
    ({ option, of }) => isGiven(command, option) && !isDeepStrictEqual(of(settings), of(there)),
  );
  if (others.length > 0) {
    const flags = others.map(({ flag }) => flag).join(' and ');
    return `${holder} was started with another ${flags}, and does what it was started with. Leave out what differs, or start the daemon with it`;
  }
  if (isGiven(command, 'tasks') && (await isOther(settings.tasksDirectory, there.tasksDirectory))) {
    return `${holder} follows ${there.tasksDirectory}, and not ${settings.tasksDirectory}. To compare that with what is active, use "cloudsync state pull" and "cloudsync plan --state FILE"`;
  }
  return null;
}

/** The options by their names in the command line, as it is parsed. */
const judged: readonly {
  readonly option: string;
  readonly flag: string;
  of(options: JudgingOptions): unknown;
}[] = [
  { option: 'selector', flag: '--selector', of: ({ selection }) => selection.labels },
  { option: 'name', flag: '--name', of: ({ selection }) => selection.names },
  { option: 'prune', flag: '--prune', of: ({ prune }) => prune },
  { option: 'pruneGrace', flag: '--prune-grace', of: ({ pruneGraceMs }) => pruneGraceMs },
  { option: 'strict', flag: '--strict', of: ({ strict }) => strict },
  { option: 'pathRoot', flag: '--path-root', of: ({ pathRoots }) => pathRoots },
  { option: 'scripts', flag: '--no-scripts', of: ({ commands }) => commands },
];

function isGiven(command: Command, option: string): boolean {
  const source = command.getOptionValueSourceWithGlobals(option);
  return source === 'cli' || source === 'env';
}

/** A directory of a container has another path there, and cannot be compared. */
async function isOther(here: string, there: string): Promise<boolean> {
  const identityOf = (path: string) => stat(path).catch(() => null);
  const [left, right] = await Promise.all([identityOf(here), identityOf(there)]);
  return left !== null && right !== null && (left.dev !== right.dev || left.ino !== right.ino);
}
