import { type DocumentPath, errorAt, type Finding, pathText } from './finding.ts';
import { quoted } from './found-value.ts';
import { parseSize } from './quantity.ts';

/** Bytes, at least one; `null` after a fault. */
export function sizeAt(written: string, path: DocumentPath, findings: Finding[]): number | null {
  const size = parseSize(written);
  if (!size.ok) {
    const message = `${pathText(path)} is ${quoted(written)}; ${size.error}`;
    findings.push(errorAt('CS016', path, message, 'for example 100k, 96Mi or 4G'));
    return null;
  }
  if (size.value >= 1) return size.value;
  findings.push(errorAt('CS015', path, `${pathText(path)} must be at least 1b; found ${quoted(written)}`));
  return null;
}
