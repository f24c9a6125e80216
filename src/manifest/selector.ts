import { err, ok, type Result } from '../model/result.ts';
import type { LabelRequirement } from '../model/selection.ts';

/**
 * Reads a label selector as `kubectl` takes it: `team=media,host!=nas`, `tier in (a, b)`, `tier notin (a)`, `team`,
 * `!team`. The error is a sentence that names the part that cannot be read.
 */
export function parseSelector(text: string): Result<readonly LabelRequirement[], string> {
  const requirements: LabelRequirement[] = [];
  for (const part of partsOf(text)) {
    const requirement = parsePart(part.trim());
    if (requirement === null) return err(`cannot read ${JSON.stringify(part.trim())}: ${expected}`);
    requirements.push(requirement);
  }
  return ok(requirements);
}

const expected = 'expected LABEL=VALUE, LABEL!=VALUE, LABEL in (A, B), LABEL notin (A, B), LABEL or !LABEL';

/** Commas within parentheses separate values. */
function partsOf(text: string): readonly string[] {
  return text.split(/,(?![^()]*\))/);
}

function parsePart(part: string): LabelRequirement | null {
  const set = /^([^\s=!,()]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set !== null) {
    const [, label = '', operator, values = ''] = set;
    const kind = operator === 'in' ? 'in' : 'notIn';
    return { kind, label, values: values.split(',').map((value) => value.trim()) };
  }
  const equality = /^([^\s=!,()]+)\s*(==?|!=)\s*([^=!,()]*)$/.exec(part);
  if (equality !== null) {
    const [, label = '', operator, value = ''] = equality;
    return { kind: operator === '!=' ? 'notIn' : 'in', label, values: [value] };
  }
  const presence = /^(!?)\s*([^\s=!,()]+)$/.exec(part);
  if (presence === null) return null;
  const [, negation, label = ''] = presence;
  return { kind: negation === '' ? 'exists' : 'missing', label, values: [] };
}
