import type { DeleteLimit, Safety, TransferMode } from '../model/task.ts';
import { durationAt } from './duration-field.ts';
import { errorAt, errorAtKey, type Finding, warningAt } from './finding.ts';
import { quoted } from './found-value.ts';
import type { WrittenSafety } from './written-task.ts';

const day = 86_400_000;

/** Fills in the guards of a task, and tells which of them have nothing to guard. */
export function normalizeSafety(written: WrittenSafety, mode: TransferMode, findings: Finding[]): Safety {
  const { maxDelete = '50%', allowEmptySource = false, preflight = 'always', backupFolder, requireMarker } = written;
  const { requireDestinationMarker = false } = written;
  if (requireDestinationMarker && requireMarker === undefined) findings.push(nameless);
  findings.push(...needlessFindings(written, mode));
  return {
    maxDelete: deleteLimit(maxDelete),
    allowEmptySource,
    preflight,
    backupFolder:
      backupFolder === undefined ? null : pathBelow('backupFolder', backupFolder, 'for example .trash', findings),
    backupRetentionMs: backupRetention(written, findings),
    requireMarker: requireMarker === undefined ? null : markerBelow(requireMarker, findings),
    requireDestinationMarker,
  };
}

const nameless = errorAtKey(
  'CS011',
  ['spec', 'safety', 'requireDestinationMarker'],
  'spec.safety.requireDestinationMarker needs spec.safety.requireMarker, which names the file',
  'for example requireMarker: .cloudsync-marker',
);

/** Less than a day would leave no time to notice what went wrong. */
function backupRetention({ backupFolder, backupRetention }: WrittenSafety, findings: Finding[]): number | null {
  if (backupRetention === undefined) return null;
  const path = ['spec', 'safety', 'backupRetention'];
  if (backupFolder === undefined) {
    const message = 'spec.safety.backupRetention needs spec.safety.backupFolder, which names the folder';
    findings.push(errorAtKey('CS011', path, message, 'for example backupFolder: .trash'));
  }
  return durationAt(backupRetention, path, { least: day, most: 36_500 * day }, findings);
}

/** The schema has seen that a text is a whole percentage. */
function deleteLimit(written: number | string): DeleteLimit {
  if (typeof written === 'number') return { kind: 'count', count: written };
  return { kind: 'percentage', percentage: Number(written.slice(0, -1)) };
}

function needlessFindings(written: WrittenSafety, mode: TransferMode): readonly Finding[] {
  if (mode === 'SYNC') return [];
  const fields = (['maxDelete', 'allowEmptySource', 'preflight'] as const).filter((key) => written[key] !== undefined);
  return fields.map((field) => {
    const message = `spec.safety.${field} has no effect with ${mode}: only SYNC deletes files at the destination`;
    return warningAt('CS038', ['spec', 'safety', field], message, 'leave it out');
  });
}

function markerBelow(written: string, findings: Finding[]): string | null {
  const hint = 'for example .cloudsync-marker';
  if (!written.endsWith('/')) return pathBelow('requireMarker', written, hint, findings);
  const message = `spec.safety.requireMarker must be a file, and so has no slash at its end; found ${quoted(written)}`;
  findings.push(errorAt('CS016', ['spec', 'safety', 'requireMarker'], message, hint));
  return null;
}

/** Without `.` and needless slashes; `null` after a fault. */
function pathBelow(
  field: 'backupFolder' | 'requireMarker',
  written: string,
  hint: string,
  findings: Finding[],
): string | null {
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (!written.startsWith('/') && !parts.includes('..') && parts.length > 0) return parts.join('/');
  const root = field === 'backupFolder' ? "the destination's root" : 'the local directory of the task';
  const message = `spec.safety.${field} must be a path below ${root}, without a slash before it and without ..; found ${quoted(written)}`;
  findings.push(errorAt('CS016', ['spec', 'safety', field], message, hint));
  return null;
}
