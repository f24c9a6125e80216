import { createHash } from 'node:crypto';
import { effectCodes } from '../model/plan.ts';
import { problemCodes } from '../model/problem.ts';
import type { Annotation } from './annotation.ts';
import { sanitizeLine } from './sanitize.ts';

/** SARIF 2.1.0, which code scanning reads. */
export function renderSarif(annotations: readonly Annotation[], { version }: { readonly version: string }): object {
  const rules = rulesOf(annotations);
  const driver = { name: 'cloudsync', version, informationUri: 'https://cloudsync.invalid/', rules };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: results(annotations, rules) }],
  };
}

interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
}

/** What can be wrong with a manifest, and of the effects those that are told of: most are no results at all. */
function rulesOf(annotations: readonly Annotation[]): readonly Rule[] {
  const told = new Set<string>(annotations.map(({ code }) => code));
  const effects = Object.entries(effectCodes).filter(([id]) => told.has(id));
  return [...Object.entries(problemCodes), ...effects].map(([id, text]) => ({ id, shortDescription: { text } }));
}

function results(annotations: readonly Annotation[], rules: readonly Rule[]): readonly object[] {
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return annotations.map((annotation) => {
    const identity = JSON.stringify([annotation.code, annotation.file, withoutPlaces(annotation.message)]);
    const before = seen.get(identity) ?? 0;
    seen.set(identity, before + 1);
    const ruleIndex = indices.get(annotation.code);
    return { ruleId: annotation.code, ruleIndex, ...result(annotation), ...fingerprints(`${identity} ${before}`) };
  });
}

function result({ severity, file, line, column, message, hint }: Annotation): object {
  return {
    level: severity,
    message: { text: sanitizeLine(hint === null ? message : `${message} ${hint}`) },
    locations: [
      { physicalLocation: { artifactLocation: location(file), region: { startLine: line, startColumn: column } } },
    ],
  };
}

function location(file: string): object {
  const uri = file.split('/').map(encoded).join('/');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}

function encoded(segment: string): string {
  return encodeURIComponent(segment.replaceAll(/\p{Cs}/gu, '\ufffd'));
}

/** The same problem is the same result when lines above it come or go, also in the file that it names. */
function fingerprints(identity: string): object {
  return { partialFingerprints: { 'cloudsync/v1': createHash('sha256').update(identity).digest('hex').slice(0, 32) } };
}

function withoutPlaces(message: string): string {
  return message.replaceAll(/(?<=:|\blines? )\d+/g, '');
}
