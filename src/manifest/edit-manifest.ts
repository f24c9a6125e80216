import { canonicalJson } from '../model/spec-hash.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** `refused`: the text cannot be changed without changing something else with it. Lines count from 1. */
export type ManifestEdit =
  | { readonly kind: 'edited'; readonly text: string; readonly line: number }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused' };

/**
 * Sets `spec.enabled` in the text of a valid task, and leaves everything else as it was written: it replaces a value or
 * adds one line, where printing the document anew would also wrap, indent and quote as the library does. What comes out
 * is read again, and taken only if it says the same but for this field.
 */
export function setEnabled(text: string, enabled: boolean): ManifestEdit {
  const before = readYaml(text);
  const { spec, ...rest } = before.value as ValidTask;
  if ((spec.enabled ?? true) === enabled) return { kind: 'unchanged' };
  const { start, end, insert } = spliceFor(text, before, spec, enabled);
  const edited = `${text.slice(0, start)}${insert}${text.slice(end)}`;
  const after = readYaml(edited);
  const wanted = canonicalJson({ ...rest, spec: { ...spec, enabled } });
  if (after.findings.length > 0 || canonicalJson(after.value) !== wanted) return { kind: 'refused' };
  const line = edited.slice(0, after.offsetOf(['spec', 'enabled'], 'key')).split('\n').length;
  return { kind: 'edited', text: edited, line };
}

interface ValidTask {
  readonly spec: { readonly enabled?: boolean };
}

/** What to put in place of `text.slice(start, end)`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

function spliceFor(text: string, document: YamlDocument, spec: ValidTask['spec'], enabled: boolean): Splice {
  if (spec.enabled !== undefined) {
    const start = document.offsetOf(['spec', 'enabled'], 'value');
    // `True` and `TRUE` are as long as `true`.
    return { start, end: start + String(spec.enabled).length, insert: String(enabled) };
  }
  const firstKey = document.offsetOf(['spec', ...Object.keys(spec).slice(0, 1)], 'key');
  const isFlow = text[document.offsetOf(['spec'], 'value')] === '{';
  if (isFlow) return intoFlowMap(text, firstKey, enabled);
  return belowKey(text, document.offsetOf(['spec'], 'key'), firstKey, enabled);
}

/** `{ direction: PUSH }` → `{ enabled: false, direction: PUSH }`; what was JSON stays JSON. */
function intoFlowMap(text: string, firstKey: number, enabled: boolean): Splice {
  const key = text[firstKey] === '"' ? '"enabled"' : 'enabled';
  return { start: firstKey, end: firstKey, insert: `${key}: ${enabled}, ` };
}

/** A line right below `spec:`, above any comments there, which are about what comes after them. */
function belowKey(text: string, specKey: number, firstKey: number, enabled: boolean): Splice {
  const start = text.indexOf('\n', specKey) + 1;
  const indent = text.slice(text.lastIndexOf('\n', firstKey) + 1, firstKey);
  const lineBreak = text[start - 2] === '\r' ? '\r\n' : '\n';
  return { start, end: start, insert: `${indent}enabled: ${enabled}${lineBreak}` };
}
