import type { Schedule } from '../model/task.ts';
import type { ManifestContext } from './context.ts';
import { durationAt } from './duration-field.ts';
import { type DocumentPath, errorAt, type Finding, warningAt } from './finding.ts';
import { suggestion } from './suggestion.ts';
import type { WrittenSchedule } from './written-task.ts';

const presets: Readonly<Record<string, string>> = {
  hourly: '0 * * * *',
  daily: '0 0 * * *',
  weekly: '0 0 * * 0',
  monthly: '0 0 1 * *',
};

const day = 86_400_000;

/** `path` is where the schedule is written: a task has one for its runs and may have one for its checks. */
export function normalizeSchedule(
  written: string | WrittenSchedule,
  path: DocumentPath,
  context: ManifestContext,
  findings: Finding[],
): Schedule {
  const parts = typeof written === 'string' ? { cron: written } : written;
  const cronPath = typeof written === 'string' ? path : [...path, 'cron'];
  // People who know cron write @daily.
  const cron = presets[parts.cron.trim().replace(/^@/, '')] ?? parts.cron.trim();
  const timeZone = parts.timeZone ?? null;
  const verdict = context.checkSchedule(cron, timeZone);
  if (verdict.ok) {
    findings.push(...verdict.warnings.map((warning) => warningAt('CS029', cronPath, warning)));
  } else {
    const isZone = verdict.code === 'CS023';
    const hint = (isZone && timeZone !== null ? zoneHint(timeZone) : null) ?? verdict.hint;
    findings.push(errorAt(verdict.code, isZone ? [...path, 'timeZone'] : cronPath, verdict.message, hint));
  }
  return {
    cron,
    timeZone,
    jitterMs: durationAt(parts.jitter ?? '0s', [...path, 'jitter'], { least: 0, most: day }, findings),
    missedRuns: parts.missedRuns ?? 'RunOnce',
    deadlineMs: durationAt(parts.deadline ?? '6h', [...path, 'deadline'], { least: 1000, most: 366 * day }, findings),
  };
}

/** The zone that was probably meant: by its whole name or, as people call zones, by its city alone. */
function zoneHint(written: string): string | null {
  const zones = new Map(
    Intl.supportedValuesOf('timeZone').map((zone) => [zone.slice(zone.lastIndexOf('/') + 1), zone]),
  );
  const meant = suggestion(written, zones.values()) ?? zones.get(suggestion(written, zones.keys()) ?? '');
  return meant === undefined ? null : `did you mean ${meant}?`;
}
