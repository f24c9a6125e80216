import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import ajvDraft04 from 'ajv-draft-04';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectCodes } from '../../src/model/plan.ts';
import { problemCodes } from '../../src/model/problem.ts';
import { type Annotation, planAnnotations } from '../../src/report/annotation.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { everyKind } from '../plan/sample-plans.ts';
import { annotation, hostileAnnotations, sampleAnnotations } from './annotations.ts';

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly partialFingerprints: object;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

const ajv = new ajvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
ajvFormats.default(ajv);
const validate = ajv.compile(schema);

function sarifOf(annotations: readonly Annotation[]): Sarif {
  const document = JSON.parse(JSON.stringify(renderSarif(annotations, { version: '0.1.0' })));
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  return document;
}

function resultsOf(annotations: readonly Annotation[]): Sarif['runs'][number]['results'] {
  return sarifOf(annotations).runs[0]?.results ?? [];
}

function fingerprintsOf(...annotations: readonly Annotation[]): readonly object[] {
  return resultsOf(annotations).map(({ partialFingerprints }) => partialFingerprints);
}

describe('renderSarif', () => {
  test('is SARIF 2.1.0', async () => {
    const document = sarifOf(sampleAnnotations);
    // The rules are listed by another test, and grow.
    const text = JSON.stringify(document, (key, value) => (/^rule(?:s|Index)$/.test(key) ? undefined : value), 2);
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-sarif.json');
  });

  test('nothing wrong is no result', () => {
    expect(resultsOf([])).toEqual([]);
  });

  test('lists every rule about manifests, and those about plans that a result has', () => {
    const [run] = sarifOf(planAnnotations(everyKind(), 'tasks.d')).runs;
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    const dangers = ['DeletesAtDestination', 'MovesFromSource', 'CredentialChanged', 'FiltersChanged'];
    expect(ids).toEqual([...Object.keys(problemCodes), ...dangers]);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(ids[ruleIndex]).toBe(ruleId);
    expect(Object.keys(effectCodes).filter((id) => id in problemCodes)).toEqual([]);
  });

  test('the same problem at another line has the same fingerprint', () => {
    const said = (line: number, message: string) => annotation({ line, message });
    const [before] = fingerprintsOf(said(9, 'the name is used twice, also in tasks.d/b.yaml:4:3 and on line 7'));
    const [after] = fingerprintsOf(said(19, 'the name is used twice, also in tasks.d/b.yaml:14:3 and on line 17'));
    expect(after).toEqual(before);
  });

  test('what differs, or comes twice, has another one', () => {
    const prints = fingerprintsOf(
      annotation(),
      annotation({ line: 10 }),
      annotation({ code: 'CS015' }),
      annotation({ file: 'b.yaml' }),
      annotation({ message: 'other' }),
    );
    expect(new Set(prints.map((print) => JSON.stringify(print))).size).toBe(5);
  });

  test('whatever a manifest says, it is SARIF, and the file can be read back', () => {
    fc.assert(
      fc.property(hostileAnnotations, (annotations) => {
        const uris = resultsOf(annotations).map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri);
        const files = annotations.map(({ file }) => file.replaceAll(/\p{Cs}/gu, '\ufffd'));
        expect(uris.map((uri) => decodeURIComponent((uri ?? '').replace(/^file:\/\//, '')))).toEqual(files);
      }),
    );
  });
});
