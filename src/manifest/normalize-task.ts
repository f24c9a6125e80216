import type { Task, TaskSpec } from '../model/task.ts';
import { parseBandwidth } from './bandwidth.ts';
import type { ManifestContext } from './context.ts';
import { durationAt } from './duration-field.ts';
import { checkFilterPattern } from './filter-pattern.ts';
import { type DocumentPath, errorAt, type Finding, warningAt } from './finding.ts';
import { checkLocalPath, resolveLocalPath } from './local-path.ts';
import { normalizeRemote } from './normalize-remote.ts';
import { normalizeSchedule } from './normalize-schedule.ts';
import { unsupportedFindings } from './unsupported-field.ts';
import type { WrittenMetadata, WrittenTaskSpec } from './written-task.ts';

const second = 1000;
const day = 86_400 * second;

/** Fills in defaults and checks what a schema cannot. `folder` is the manifest's own, absolute. */
export function normalizeTask(
  metadata: WrittenMetadata,
  written: WrittenTaskSpec,
  folder: string,
  context: ManifestContext,
): { readonly task: Task; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [...unsupportedFindings(written)];
  const spec = normalizeSpec(written, folder, context, findings);
  const { name, labels = {}, annotations = {} } = metadata;
  return { task: { name, labels, annotations, spec }, findings };
}

function normalizeSpec(
  written: WrittenTaskSpec,
  folder: string,
  context: ManifestContext,
  findings: Finding[],
): TaskSpec {
  const exclude = patterns(written.exclude ?? [], 'exclude', findings);
  const include = patterns(written.include ?? [], 'include', findings);
  return {
    description: written.description ?? '',
    direction: written.direction,
    transferMode: written.transferMode ?? 'COPY',
    paths: localPaths(written.path, { folder, pathRoots: context.pathRoots }, findings),
    remote: normalizeRemote(written.remote, findings),
    schedule: written.schedule === undefined ? null : normalizeSchedule(written.schedule, context, findings),
    enabled: written.enabled ?? true,
    followSymlinks: written.followSymlinks ?? false,
    exclude,
    include,
    transfers: written.transfers ?? null,
    bandwidthLimit: bandwidthLimit(written.bandwidthLimit, findings),
    createEmptySourceDirectories: written.createEmptySourceDirectories ?? false,
    fastList: written.fastList ?? false,
    timeoutMs:
      written.timeout === undefined
        ? null
        : durationAt(written.timeout, ['spec', 'timeout'], { least: second, most: 30 * day }, findings),
    history: { successful: written.history?.successful ?? 10, failed: written.history?.failed ?? 20 },
    safety: {
      maxDelete: { kind: 'percentage', percentage: 50 },
      allowEmptySource: written.safety?.allowEmptySource ?? false,
      preflight: 'auto',
      backupFolder: null,
    },
    ...unsupportedDefaults,
  };
}

/** Fields that are refused unless they hold these values. */
const unsupportedDefaults = {
  preScript: '',
  postScript: '',
  finallyScript: '',
  uploadChunkSizeBytes: null,
  encryption: null,
  retry: { limit: 3, backoffMs: 30 * second },
  concurrency: 'Forbid',
  rcloneFlags: {},
} as const;

function localPaths(
  written: string | readonly string[],
  place: { readonly folder: string; readonly pathRoots: readonly string[] },
  findings: Finding[],
): readonly string[] {
  const path: DocumentPath = ['spec', 'path'];
  if (typeof written !== 'string') {
    const hint = 'write one directory, or one task for each';
    findings.push(errorAt('CS020', path, 'a list in `spec.path` is not supported yet', hint));
    return [];
  }
  findings.push(...checkLocalPath(written, path, place));
  return [resolveLocalPath(written, place.folder)];
}

function patterns(written: readonly string[], field: string, findings: Finding[]): readonly string[] {
  for (const [index, pattern] of written.entries()) {
    const path = ['spec', field, index];
    for (const { severity, message, hint } of checkFilterPattern(pattern)) {
      findings.push(
        severity === 'error' ? errorAt('CS026', path, message, hint) : warningAt('CS027', path, message, hint),
      );
    }
  }
  return written;
}

function bandwidthLimit(written: WrittenTaskSpec['bandwidthLimit'], findings: Finding[]): TaskSpec['bandwidthLimit'] {
  if (written === undefined) return [];
  const { slots, faults } = parseBandwidth(written);
  for (const { severity, index, message, hint } of faults) {
    const path = ['spec', 'bandwidthLimit', ...(typeof written === 'object' ? [index] : [])];
    findings.push(
      severity === 'error' ? errorAt('CS024', path, message, hint) : warningAt('CS025', path, message, hint),
    );
  }
  return slots;
}
