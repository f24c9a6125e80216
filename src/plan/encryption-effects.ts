import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import type { Encryption } from '../model/task.ts';
import { consequence } from './consequence.ts';
import { routeOf } from './route.ts';

/** Dangerous in every mode: what was written before is out of reach, whether or not anything deletes it. */
export function encryptionEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const old = before.spec.encryption;
  const now = after.spec.encryption;
  if (canonicalJson(old) === canonicalJson(now)) return [];
  const { source, destination } = routeOf(after);
  const isPush = after.spec.direction === 'PUSH';
  const again = isPush ? 'everything is uploaded again beside what is there; ' : '';
  const message = `${changeText(old, now, isPush ? destination : source)}; ${again}${consequence(after)}`;
  return [{ code: 'EncryptionChanged', danger: true, message }];
}

function changeText(old: Encryption | null, now: Encryption | null, remote: string): string {
  if (old === null)
    return `encryption on: files under ${remote} that are not encrypted can no longer be read by this task`;
  if (now === null)
    return `encryption off: files under ${remote} that are encrypted can no longer be read by this task`;
  const keys = (['password', 'salt'] as const).filter((key) => canonicalJson(old[key]) !== canonicalJson(now[key]));
  const names = old.filenames === now.filenames ? [] : [`encryption of filenames ${now.filenames ? 'on' : 'off'}`];
  const parts = [...(keys.length === 0 ? [] : [`encryption ${keys.join(' and ')} changed`]), ...names];
  return `${parts.join(', ')}: files that are under ${remote} can only be read with the old settings`;
}
