import type { SecretReference } from '../model/credential.ts';
import type { Encryption } from '../model/task.ts';
import { errorAt, type Finding } from './finding.ts';
import { parseReference } from './secret-reference.ts';
import type { WrittenEncryption } from './written-task.ts';

export function normalizeEncryption(
  { password, salt, filenames = true }: WrittenEncryption,
  folder: string,
  findings: Finding[],
): Encryption | null {
  const passwordAt = reference('password', password, folder, findings);
  const saltAt = salt === undefined ? null : reference('salt', salt, folder, findings);
  return passwordAt === null ? null : { password: passwordAt, salt: saltAt, filenames };
}

function reference(
  key: 'password' | 'salt',
  written: object,
  folder: string,
  findings: Finding[],
): SecretReference | null {
  const parsed = parseReference(`spec.encryption.${key}`, written, folder);
  if (parsed.ok) return parsed.value;
  findings.push(errorAt('CS016', ['spec', 'encryption', key], parsed.error.message, parsed.error.hint));
  return null;
}
