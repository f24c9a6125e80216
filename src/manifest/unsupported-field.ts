import { errorAt, errorAtKey, type Finding, pathText } from './finding.ts';
import { parseDuration } from './quantity.ts';
import { unsupportedFields } from './unsupported.ts';
import type { WrittenTaskSpec } from './written-task.ts';

/** Fields whose shape is right and that would do nothing: better refused than silently ignored. */
export function unsupportedFindings(written: WrittenTaskSpec): readonly Finding[] {
  const refused = unsupportedFields.flatMap(({ path, accepted }) => {
    const value = path.reduce<unknown>((inner, key) => Object(inner)[key], written);
    if (value === undefined || accepted.some((each) => JSON.stringify(each) === JSON.stringify(value))) return [];
    const at = ['spec', ...path];
    const [fallback] = accepted;
    const hint =
      fallback === undefined ? 'leave it out' : `leave it out, or write its default, ${JSON.stringify(fallback)}`;
    return [errorAtKey('CS020', at, `\`${pathText(at)}\` is not supported yet`, hint)];
  });
  return [...refused, ...shapeFindings(written)];
}

/** What these fields hold is checked already, so that a manifest does not turn invalid once they act. */
function shapeFindings({ retry }: WrittenTaskSpec): readonly Finding[] {
  const backoff = parseDuration(retry?.backoff ?? '30s');
  if (backoff.ok) return [];
  return [errorAt('CS016', ['spec', 'retry', 'backoff'], `spec.retry.backoff: ${backoff.error}`, 'for example 30s')];
}
