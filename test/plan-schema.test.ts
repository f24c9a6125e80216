import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actions, changeReasons, effectCodes, type Plan, type Transfers } from '../src/model/plan.ts';
import { planDocument } from '../src/plan/plan-document.ts';
import { problem } from './helper/build.ts';
import { hostilePlan } from './plan/hostile-plan.ts';
import { blocked, everyKind } from './plan/sample-plans.ts';

interface Schema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema: Schema = JSON.parse(readFileSync('schema/plan.schema.json', 'utf8'));
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

function errorsOf(value: unknown): unknown {
  validate(JSON.parse(JSON.stringify(value)));
  return validate.errors ?? [];
}

describe('schema/plan.schema.json', () => {
  const plan: Plan = { ...everyKind(), problems: [problem(), problem({ hint: null, frame: null })] };

  test('accepts a plan with every kind of change', () => {
    expect(new Set([...plan.changes, ...blocked().changes].map(({ action }) => action)).size).toBe(actions.length);
    expect(errorsOf(planDocument(plan))).toEqual([]);
    expect(errorsOf(planDocument(blocked()))).toEqual([]);
  });

  test('accepts whatever a manifest says', () => {
    fc.assert(
      fc.property(hostilePlan, (each) => {
        expect(errorsOf(planDocument(each))).toEqual([]);
      }),
    );
  });

  test('lets unknown fields through, so that a later version may add some', () => {
    const document = planDocument(plan);
    const changes = document.changes.map((change) => ({ ...change, later: true }));
    expect(errorsOf({ ...document, changes, later: { at: 1 } })).toEqual([]);
  });

  const transfers: Transfers = {
    ...{ outcome: 'Blocked', lastError: 'refused', warnings: ['beware'], copies: 1, moves: 0, deletes: 2, bytes: 3 },
    first: { copy: ['a'], move: [], delete: ['b', 'c'] },
  };

  test('describes each field that there is, and requires it', () => {
    const { change, effect, field, problem: problemSchema, task } = schema.definitions ?? {};
    const base = { kind: 'base', ref: 'main', revision: '', invalid: [] } as const;
    const state = { kind: 'state', file: 'state.json' } as const;
    const { comparedWith, ...document } = planDocument({ ...plan, comparedWith: base });
    expect(errorsOf({ ...document, comparedWith })).toEqual([]);
    expect(errorsOf(planDocument({ ...plan, comparedWith: state }))).toEqual([]);
    const { comparedWith: comparison, ...always } = schema.properties ?? {};
    expect(Object.keys(comparison?.properties ?? {}).sort()).toEqual(
      [...new Set([...Object.keys(base), ...Object.keys(state)])].sort(),
    );
    const update = document.changes.find(({ action }) => action === 'update');
    const { transfers: files, ...ofAll } = change?.properties ?? {};
    const { first } = files?.properties ?? {};
    const withFiles = { ...plan, changes: plan.changes.map((each) => ({ ...each, transfers })) };
    expect(errorsOf(planDocument(withFiles))).toEqual([]);
    const pairs = [
      [{ ...schema, properties: always }, document],
      [{ ...change, properties: ofAll }, update],
      [files, transfers],
      [first, transfers.first],
      [task, update?.after],
      [effect, update?.effects[0]],
      [field, update?.fields[0]],
      [problemSchema, document.problems[0]],
    ] as const;
    for (const [part, value] of pairs) {
      expect(Object.keys(part?.properties ?? {}).sort()).toEqual(Object.keys(value ?? {}).sort());
      expect([...(part?.required ?? [])].sort()).toEqual(Object.keys(value ?? {}).sort());
    }
  });

  test('refuses what is no plan', () => {
    const document = planDocument(plan);
    for (const wrong of [
      {},
      { ...document, formatVersion: '2.0' },
      { ...document, hash: 'x' },
      { ...document, changes: {} },
    ])
      expect(errorsOf(wrong)).not.toEqual([]);
  });

  test('lists the same words as the model', () => {
    const { change, effect } = schema.definitions ?? {};
    const { action, reason } = change?.properties ?? {};
    const { code } = effect?.properties ?? {};
    const { summary } = schema.properties ?? {};
    expect(action?.enum).toEqual(actions);
    expect(reason?.enum).toEqual(changeReasons);
    expect(code?.enum).toEqual(Object.keys(effectCodes));
    expect(Object.keys(summary?.properties ?? {})).toEqual(actions);
  });

  test('describes every property and gives examples that hold', () => {
    const described = propertiesOf(schema);
    expect(described.length).toBeGreaterThan(40);
    for (const [name, property] of described) {
      expect(property.description, name).toMatch(/\.$/);
      expect(property.examples?.length, name).toBeGreaterThan(0);
      const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
      const check = ajv.compile({ ...property, definitions: schema.definitions });
      for (const example of property.examples ?? [])
        expect(check(example), `${name}: ${JSON.stringify(example)}`).toBe(true);
    }
    for (const example of schema.examples ?? []) expect(errorsOf(example)).toEqual([]);
  });

  test('uses only keywords that draft-07 has too', () => {
    const text = JSON.stringify(schema);
    expect(new Set(text.match(/(?<=")(?:\$[a-z]+|(?:unevaluated|prefix|dependent)\w+)(?=":)/gi))).toEqual(
      new Set(['$schema', '$id', '$ref']),
    );
  });
});

describe('docs/plan-format.md', () => {
  const text = readFileSync('docs/plan-format.md', 'utf8');

  test.each([...actions, ...changeReasons, ...Object.keys(effectCodes)])('explains %s', (word) => {
    expect(text).toContain(`| \`${word}\` |`);
  });
});

function propertiesOf(part: Schema): readonly (readonly [string, Schema])[] {
  const own = Object.entries(part.properties ?? {});
  const inner = [...own.map(([, property]) => property), ...Object.values(part.definitions ?? {})];
  return [...own, ...inner.flatMap(propertiesOf)];
}
