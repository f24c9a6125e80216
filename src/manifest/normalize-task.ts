import type { Task, TaskSpec } from '../model/task.ts';
import { parseBandwidth } from './bandwidth.ts';
import type { ManifestContext } from './context.ts';
import { durationAt } from './duration-field.ts';
import { filterFindings } from './filter-field.ts';
import { errorAt, type Finding, warningAt } from './finding.ts';
import { localPaths } from './local-path-list.ts';
import { normalizeEncryption } from './normalize-encryption.ts';
import { normalizeFlags } from './normalize-flags.ts';
import { normalizeRemote } from './normalize-remote.ts';
import { normalizeSchedule } from './normalize-schedule.ts';
import { scriptFindings } from './script-field.ts';
import { unsupportedFindings } from './unsupported-field.ts';
import { uploadChunkSizeAt } from './upload-chunk-field.ts';
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
  const findings: Finding[] = [...unsupportedFindings(written), ...scriptFindings(written)];
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
  const { direction, transferMode = 'COPY', exclude = [], include = [], encryption, uploadChunkSize } = written;
  const paths = localPaths(written.path, direction, { folder, pathRoots: context.pathRoots }, findings);
  findings.push(...filterFindings({ exclude, include, paths }));
  return {
    description: written.description ?? '',
    direction,
    transferMode,
    paths,
    remote: normalizeRemote(written.remote, findings),
    schedule: written.schedule === undefined ? null : normalizeSchedule(written.schedule, context, findings),
    enabled: written.enabled ?? true,
    followSymlinks: written.followSymlinks ?? false,
    preScript: written.preScript ?? '',
    postScript: written.postScript ?? '',
    finallyScript: written.finallyScript ?? '',
    exclude,
    include,
    uploadChunkSizeBytes:
      uploadChunkSize === undefined ? null : uploadChunkSizeAt(uploadChunkSize, direction, findings),
    encryption: encryption === undefined ? null : normalizeEncryption(encryption, folder, findings),
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
    rcloneFlags: normalizeFlags(written.rcloneFlags ?? {}, transferMode, findings),
    ...unsupportedDefaults,
  };
}

/** Fields that are refused unless they hold these values. */
const unsupportedDefaults = {
  retry: { limit: 3, backoffMs: 30 * second },
  concurrency: 'Forbid',
} as const;

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
