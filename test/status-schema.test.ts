import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { emptyHistory } from '../src/model/history.ts';
import { outcomes } from '../src/model/run.ts';
import { conditionTypes, healthStates, type StatusFile, syncStates } from '../src/model/status.ts';
import { credentialStatus } from '../src/status/credential-status.ts';
import { parseStatusFile } from '../src/status/status-file.ts';
import type { TaskFacts } from '../src/status/task-facts.ts';
import { taskStatus } from '../src/status/task-status.ts';
import { problem, runRecord } from './helper/build.ts';
import { activeRun, failure, now, otherHash, taskFacts } from './status/facts.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const schema: Schema = JSON.parse(readFileSync('schema/status.schema.json', 'utf8'));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function file(kind: StatusFile['kind'], status: StatusFile['status']): StatusFile {
  return { apiVersion: 'cloudsync/v1', kind, metadata: { name: 'photos', manifest: 'photos.yaml' }, status };
}

function errorsOf(value: unknown): unknown {
  validate(value);
  return validate.errors ?? [];
}

/** What the program itself would read back after writing it. */
function readBack(value: StatusFile): StatusFile | null {
  return parseStatusFile(JSON.stringify(value));
}

const variants: readonly (readonly Partial<TaskFacts>[])[] = [
  [{}, { active: null }, { observed: { specHash: otherHash, revision: 'abc' } }, { observed: null }],
  [{}, { problems: [problem()] }, { problems: [problem({ severity: 'warning', hint: 'Write PUSH.' })] }],
  [
    ...[{}, { activeRun: activeRun() }, { activeRun: activeRun({ progress: null }) }, { history: emptyHistory }],
    { history: { ...emptyHistory, lastRun: failure, runs: outcomes.map((outcome) => runRecord({ outcome })) } },
  ],
  [{}, { blocked: 'Too many deletes' }],
  [{}, { nextRun: null, dueSinceSuccess: null }, { dueSinceSuccess: 0 }],
];

function combinations(choices: readonly (readonly Partial<TaskFacts>[])[]): readonly Partial<TaskFacts>[] {
  return choices.reduce<readonly Partial<TaskFacts>[]>(
    (all, parts) => all.flatMap((sofar) => parts.map((part) => ({ ...sofar, ...part }))),
    [{}],
  );
}

describe('schema/status.schema.json', () => {
  test('accepts the status of a task in every situation, and so does the reader', () => {
    const all = combinations(variants);
    expect(all).toHaveLength(4 * 3 * 5 * 2 * 3);
    for (const facts of all) {
      for (const kind of ['CloudSyncTaskStatus', 'ManifestStatus'] as const) {
        const value = file(kind, taskStatus(taskFacts(facts), null, now));
        expect(errorsOf(value)).toEqual([]);
        expect(readBack(value)).toEqual(value);
      }
    }
  });

  test.each([null, 'Accepted', 'AuthExpired', 'Failed'] as const)('accepts a credential: %s', (outcome) => {
    const verification = outcome === null ? null : { outcome, at: now, acceptedAt: now, message: 'It said so' };
    const status = credentialStatus({ problems: [problem()], verification, writerVersion: '0.1.0' }, null, now);
    const value = file('CloudCredentialStatus', status);
    expect(errorsOf(value)).toEqual([]);
    expect(readBack(value)).toEqual(value);
  });

  test('lets unknown fields through', () => {
    const value = { ...file('CloudSyncTaskStatus', { ...taskStatus(taskFacts(), null, now) }), extra: { later: 1 } };
    expect(errorsOf(value)).toEqual([]);
    expect(readBack(value)).toEqual(value);
  });

  const task = taskStatus(taskFacts(), null, now);
  const wrong: readonly (readonly [string, unknown])[] = [
    ['another apiVersion', { ...file('CloudSyncTaskStatus', task), apiVersion: 'v1' }],
    ['another kind', { ...file('CloudSyncTaskStatus', task), kind: 'Pod' }],
    ['a task status of a credential', file('CloudCredentialStatus', task)],
    ['an unknown state', { ...file('CloudSyncTaskStatus', task), status: { ...task, sync: 'Fine' } }],
    [
      'a time that is none',
      file('CloudSyncTaskStatus', { ...task, schedule: { next: 'soon', last: null, missed: 0 } }),
    ],
    ['a missing field', { ...file('CloudSyncTaskStatus', task), status: { ...task, history: undefined } }],
  ];

  test.each(wrong)('refuses %s, and so does the reader', (_title, value) => {
    expect(errorsOf(value)).not.toEqual([]);
    expect(parseStatusFile(JSON.stringify(value))).toBeNull();
  });

  test('accepts each of its own examples', () => {
    for (const example of schema.examples ?? []) expect(errorsOf(example)).toEqual([]);
    expect(schema.examples).toHaveLength(2);
  });

  test('lists the same words as the model', () => {
    const { sync, health, condition, run } = schema.definitions ?? {};
    const { type } = condition?.properties ?? {};
    const { outcome } = run?.properties ?? {};
    expect(sync?.enum).toEqual(syncStates);
    expect(health?.enum).toEqual(healthStates);
    expect(type?.enum).toEqual(conditionTypes);
    expect(outcome?.enum).toEqual(outcomes);
  });

  test('describes every property and gives examples that hold', { timeout: 60_000 }, () => {
    const described = propertiesOf(schema);
    expect(described.length).toBeGreaterThan(60);
    for (const [name, property] of described) {
      expect(property.description, name).toMatch(/\.$/);
      expect(property.examples?.length, name).toBeGreaterThan(0);
      const check = new Ajv2020({ strict: true }).compile({ ...property, definitions: schema.definitions });
      for (const example of property.examples ?? [])
        expect(check(example), `${name}: ${JSON.stringify(example)}`).toBe(true);
    }
  });

  test('uses only keywords that draft-07 has too', () => {
    const keywords = new Set(
      JSON.stringify(schema).match(/(?<=")\$[a-z]+|(?<=")(?:unevaluated|prefix|dependent)\w+/gi),
    );
    expect([...keywords].sort()).toEqual(['$id', '$ref', '$schema']);
  });
});

function propertiesOf(part: Schema): readonly (readonly [string, Schema])[] {
  const own = Object.entries(part.properties ?? {});
  const inner = [...own.map(([, property]) => property), ...Object.values(part.definitions ?? {})];
  return [...own, ...inner.flatMap(propertiesOf)];
}
