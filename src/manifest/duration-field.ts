import { type DocumentPath, errorAt, type Finding, pathText } from './finding.ts';
import { quoted } from './found-value.ts';
import { parseDuration } from './quantity.ts';

/** Milliseconds; the bounds are milliseconds too. After a fault the value is the least. */
export function durationAt(
  written: string,
  path: DocumentPath,
  bounds: { readonly least: number; readonly most: number },
  findings: Finding[],
): number {
  const duration = parseDuration(written);
  if (!duration.ok) {
    const message = `${pathText(path)} is ${quoted(written)}; ${duration.error}`;
    findings.push(errorAt('CS016', path, message, 'for example 90s, 10m, 1h30m or 7d'));
    return bounds.least;
  }
  if (duration.value >= bounds.least && duration.value <= bounds.most) return duration.value;
  const range = `from ${boundText(bounds.least)} to ${boundText(bounds.most)}`;
  findings.push(errorAt('CS015', path, `${pathText(path)} must be ${range}; found ${quoted(written)}`));
  return bounds.least;
}

function boundText(milliseconds: number): string {
  const hours = milliseconds / 3_600_000;
  if (hours < 1) return `${milliseconds / 1000}s`;
  return hours < 24 ? `${hours}h` : `${hours / 24}d`;
}
