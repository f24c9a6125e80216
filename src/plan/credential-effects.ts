import { type CredentialSpec, isSecretReference } from '../model/credential.ts';
import type { ResolvedTask } from '../model/desired.ts';
import type { Effect } from '../model/plan.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { consequence, isDestructive } from './consequence.ts';

/** Another credential, or the same one with other content: it may lead to another place. */
export function credentialEffects(before: ResolvedTask, after: ResolvedTask): readonly Effect[] {
  const from = nameOf(before);
  const to = nameOf(after);
  const changed = changedParts(before.credential, after.credential);
  if (from === to && changed.length === 0) return [];
  const label = from === to ? to : `${from} → ${to}`;
  const parts = changed.map(({ name }) => name).join(', ');
  // A secret that is found elsewhere opens the same door; any other option may lead to another one.
  const danger = isDestructive(after) && changed.some(({ secret }) => !secret);
  return [
    {
      code: 'CredentialChanged',
      danger,
      message:
        (parts === '' ? label : `${label}: ${parts} changed`) +
        (danger ? `; it may lead to another place, and ${consequence(after)}` : ''),
    },
  ];
}

function nameOf({ spec }: ResolvedTask): string {
  const { credential, rcloneRemote } = spec.remote;
  return credential === null ? `section ${rcloneRemote} of rclone.conf` : `credential ${credential}`;
}

interface Part {
  readonly name: string;
  readonly secret: boolean;
}

function changedParts(before: CredentialSpec | null, after: CredentialSpec | null): readonly Part[] {
  const old = before?.options ?? {};
  const now = after?.options ?? {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  const options = names
    .filter((name) => canonicalJson([old[name]]) !== canonicalJson([now[name]]))
    .map((name) => ({
      name,
      secret: [old[name], now[name]].every((value) => value !== undefined && isSecretReference(value)),
    }));
  return before?.provider === after?.provider ? options : [{ name: 'provider', secret: false }, ...options];
}
