import { commandsOfTask } from '../model/command-use.ts';
import type { Task, TaskSpec, TransferMode } from '../model/task.ts';
import { annotationFindings } from './annotation-field.ts';
import { parseBandwidth } from './bandwidth.ts';
import { commandRefused } from './command-refusal.ts';
import type { ManifestContext } from './context.ts';
import { durationAt } from './duration-field.ts';
import { filterFindings } from './filter-field.ts';
import { errorAt, errorAtKey, type Finding, warningAt } from './finding.ts';
import { localPaths } from './local-path-list.ts';
import { normalizeEncryption } from './normalize-encryption.ts';
import { normalizeFlags } from './normalize-flags.ts';
import { normalizeLimits } from './normalize-limits.ts';
import { normalizeRemote } from './normalize-remote.ts';
import { normalizeSafety } from './normalize-safety.ts';
import { normalizeSchedule } from './normalize-schedule.ts';
import { scriptFindings } from './script-field.ts';
import { uploadChunkSizeAt } from './upload-chunk-field.ts';
import type { WrittenMetadata, WrittenTaskSpec } from './written-task.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

/** Fills in defaults and checks what a schema cannot. `folder` is the manifest's own, absolute. */
export function normalizeTask(
  metadata: WrittenMetadata,
  written: WrittenTaskSpec,
  folder: string,
  context: ManifestContext,
): { readonly task: Task; readonly findings: readonly Finding[] } {
  const { name, labels = {}, annotations = {} } = metadata;
  const findings: Finding[] = [...annotationFindings(annotations), ...scriptFindings(written)];
  const spec = normalizeSpec(written, folder, context, findings);
  if (context.pathRoots.length > 0 && written.followSymlinks === true) findings.push(linksRefused);
  if (!context.commands) findings.push(...commandsOfTask(spec).map(commandRefused));
  return { task: { name, labels, annotations, spec }, findings };
}

/** A link below the path may lead anywhere. */
const linksRefused = errorAt(
  'CS028',
  ['spec', 'followSymlinks'],
  'spec.followSymlinks is not allowed with --path-root: a link can lead out of it',
  'leave it out, or name what the links lead to',
);

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
    schedule:
      written.schedule === undefined
        ? null
        : normalizeSchedule(written.schedule, ['spec', 'schedule'], context, findings),
    verify: written.verify === undefined ? null : normalizeVerify(written.verify, transferMode, context, findings),
    enabled: written.enabled ?? true,
    followSymlinks: written.followSymlinks ?? false,
    preScript: written.preScript ?? '',
    postScript: written.postScript ?? '',
    finallyScript: written.finallyScript ?? '',
    exclude,
    include,
    ...normalizeLimits(written, transferMode, findings),
    uploadChunkSizeBytes:
      uploadChunkSize === undefined ? null : uploadChunkSizeAt(uploadChunkSize, direction, findings),
    encryption: encryption === undefined ? null : normalizeEncryption(encryption, folder, findings),
    transfers: written.transfers ?? null,
    bandwidthLimit: bandwidthLimit(written.bandwidthLimit, findings),
    createEmptySourceDirectories: written.createEmptySourceDirectories ?? false,
    deleteEmptySourceDirectories: emptyDirectories(written, transferMode, findings),
    fastList: written.fastList ?? false,
    timeoutMs:
      written.timeout === undefined
        ? null
        : durationAt(written.timeout, ['spec', 'timeout'], { least: second, most: 30 * day }, findings),
    history: { successful: written.history?.successful ?? 10, failed: written.history?.failed ?? 20 },
    safety: normalizeSafety(written.safety ?? {}, transferMode, findings),
    retry: normalizeRetry(written.retry ?? {}, findings),
    concurrency: written.concurrency ?? 'Forbid',
    rcloneFlags: normalizeFlags(
      written.rcloneFlags ?? {},
      {
        mode: transferMode,
        encrypted: encryption !== undefined,
        keepsBackups: typeof written.safety?.backupFolder === 'string',
      },
      findings,
    ),
  };
}

function emptyDirectories(
  { deleteEmptySourceDirectories = false }: WrittenTaskSpec,
  mode: TransferMode,
  findings: Finding[],
): boolean {
  if (deleteEmptySourceDirectories && mode !== 'MOVE') {
    const message = `spec.deleteEmptySourceDirectories is not possible with ${mode}: only a MOVE deletes at the source`;
    findings.push(errorAtKey('CS047', ['spec', 'deleteEmptySourceDirectories'], message, 'leave it out'));
  }
  return deleteEmptySourceDirectories;
}

function normalizeVerify(
  { schedule, sample = 0 }: NonNullable<WrittenTaskSpec['verify']>,
  mode: TransferMode,
  context: ManifestContext,
  findings: Finding[],
): TaskSpec['verify'] {
  if (mode === 'MOVE') {
    const message = 'spec.verify has no effect with MOVE, which leaves nothing at the source to compare with';
    findings.push(warningAt('CS038', ['spec', 'verify'], message, 'leave it out'));
  }
  return { schedule: normalizeSchedule(schedule, ['spec', 'verify', 'schedule'], context, findings), sample };
}

function normalizeRetry(
  { limit = 3, backoff = '30s' }: NonNullable<WrittenTaskSpec['retry']>,
  findings: Finding[],
): TaskSpec['retry'] {
  return {
    limit,
    backoffMs: durationAt(backoff, ['spec', 'retry', 'backoff'], { least: second, most: hour }, findings),
  };
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
