import { needsRehearsal } from '../delete-limit.ts';
import { farName } from '../far-name.ts';
import { within } from '../local-side.ts';
import { blocked, cannotTell, type Guard, type GuardInput, type Look, pass, type Verdict } from './verdict.ts';

/** What is missing or empty at the source: rclone would report what comes of it as a success. */
export const sourceGuard: Guard = (input) =>
  input.task.spec.direction === 'PUSH' ? checkPush(input) : checkPull(input);

/** A SYNC of an empty directory empties its counterpart: an unmounted disk looks like that. */
async function checkPush({ task: { spec }, local, remote, look }: GuardInput): Promise<Verdict> {
  const [missing] = local.missing;
  const [link] = local.leftOut;
  if (missing !== undefined) return blocked(missingSource(missing));
  if (link !== undefined) return blocked(symbolicLink(link));
  if (spec.transferMode !== 'SYNC' || spec.safety.allowEmptySource) return pass;
  for (const name of local.empty) {
    const verdict = await refuseIfFilled(within(remote, name), look, {
      source: within(local.root, name),
      destination: within(farName(spec), name),
    });
    if (verdict.kind !== 'pass') return verdict;
  }
  return pass;
}

/** SYNC would delete its counterpart, and every other mode would pass it by. */
function symbolicLink(path: string): string {
  return (
    `the source ${path} is a symbolic link, and rclone leaves it out; ` +
    'set spec.followSymlinks to true, or name what it points to'
  );
}

/**
 * In a bucket, a folder that is misspelt looks empty. A COPY or MOVE from an empty source deletes nothing here, and the
 * rehearsal of a SYNC lists the source, too.
 */
async function checkPull({ task: { spec }, local, remote, look }: GuardInput): Promise<Verdict> {
  if (spec.transferMode !== 'SYNC' || needsRehearsal(spec.safety)) return pass;
  const source = await look(remote);
  if (!source.ok) return cannotTell(source.error);
  if (!source.value.exists) return blocked(missingSource(farName(spec)));
  if (!source.value.empty || spec.safety.allowEmptySource) return pass;
  const filled = local.missing.length === 0 && local.empty.length === 0;
  return filled ? emptySource({ source: farName(spec), destination: local.root }) : pass;
}

interface Names {
  readonly source: string;
  readonly destination: string;
}

async function refuseIfFilled(destination: string, look: Look, names: Names): Promise<Verdict> {
  const found = await look(destination);
  if (!found.ok) return cannotTell(found.error);
  return !found.value.exists || found.value.empty ? pass : emptySource(names);
}

function emptySource({ source, destination }: Names): Verdict {
  return blocked(
    `the source ${source} is empty, and SYNC would delete everything in ${destination}; ` +
      'if that is meant, set spec.safety.allowEmptySource to true',
  );
}

export function missingSource(name: string): string {
  return `the source ${name} does not exist`;
}
