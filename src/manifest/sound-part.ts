import { isRecord } from '../model/json-text.ts';
import type { Finding } from './finding.ts';
import { schemaFindings } from './schema-problem.ts';
import type { Shape } from './validators.ts';
import type { WrittenMetadata } from './written-task.ts';

export interface Checked<Spec> {
  readonly metadata: WrittenMetadata;
  readonly spec: Spec;
  readonly findings: readonly Finding[];
  /** The fields of `spec` that are wrong or missing, and that a placeholder stands in for. */
  readonly faulty: ReadonlySet<string>;
}

/** Checks a document by its schema, and gives what is sound for further checks: all problems are reported at once. */
export function soundPart<Spec extends object>(value: unknown, shape: Shape, placeholder: Spec): Checked<Spec> {
  const findings = schemaFindings(value, shape);
  const { metadata, spec } = Object(value);
  if (findings.length === 0) return { metadata, spec, findings, faulty: new Set() };
  const pointers = shape.errors(value).map(({ instancePath, params }) => {
    const missing = params.missingProperty ?? params.additionalProperty;
    return `${instancePath}${missing === undefined ? '' : `/${String(missing)}`}`.split('/');
  });
  const inSpec = pointers.filter(([, part]) => part === 'spec');
  const faulty = new Set(inSpec.flatMap(([, , field]) => (field === undefined ? [] : [field])));
  // A spec that is not a map has no sound part.
  const whole = pointers.some(([, part, field]) => (part === 'spec' && field === undefined) || part === undefined);
  const isMap = isRecord(spec) && !whole;
  const sound = Object.entries(isMap ? spec : {}).filter(([field]) => !faulty.has(field));
  const known = isMap ? faulty : new Set([...faulty, ...Object.keys(placeholder)]);
  return { metadata: { name: '' }, spec: { ...placeholder, ...Object.fromEntries(sound) }, findings, faulty: known };
}
