import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { credentialSchema } from '../script/lib/credential-schema.mjs';
import { manifestReference } from '../script/lib/manifest-reference.mjs';
import { validatorSource } from '../script/lib/validator-source.mjs';
import { rcloneFlags } from '../src/manifest/rclone-flag.ts';
import { flagVerdicts } from '../src/manifest/rclone-flag-verdict.ts';
import { trueNasFields, trueNasProviders } from '../src/manifest/truenas-name.ts';
import { providers } from '../src/provider/registry.ts';
import { taskSpec } from './helper/build.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly $id?: string;
}

const taskSchema: Schema = JSON.parse(readFileSync('schema/task.schema.json', 'utf8'));
const credential: Schema = credentialSchema([...providers.values()]);

const { spec: taskSpecSchema = {} } = taskSchema.properties ?? {};

/** Keywords that draft-07 and draft 2020-12 understand alike. */
const sharedKeywords = [
  ...['$schema', '$id', 'title', 'description', 'type', 'required', 'additionalProperties', 'properties', 'const'],
  ...['enum', 'examples', 'default', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'minItems', 'maxItems'],
  ...['items', 'minProperties', 'maxProperties', 'oneOf', 'anyOf', '$ref', 'definitions'],
];

interface Place {
  readonly path: string;
  readonly schema: Schema;
}

/** Each schema within the schema; `path` of a property ends in its name. */
function schemasIn(schema: Schema, path: string): readonly Place[] {
  const { oneOf = [], anyOf = [], items, additionalProperties } = schema;
  const others = [...oneOf, ...anyOf, items, additionalProperties];
  return [
    { path, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([key, each]) => schemasIn(each, `${path}.${key}`)),
    ...Object.entries(schema.definitions ?? {}).flatMap(([key, each]) => schemasIn(each, `${path}#${key}`)),
    ...others.flatMap((each) => (typeof each === 'object' ? schemasIn(each, `${path}*`) : [])),
  ];
}

function propertiesIn(schema: Schema, path: string): readonly Place[] {
  return schemasIn(schema, path).flatMap((place) =>
    Object.entries(place.schema.properties ?? {}).map(([key, each]) => ({
      path: `${place.path}.${key}`,
      schema: each,
    })),
  );
}

describe('what is generated equals what the generator gives now; if not, run `npm run generate`', () => {
  test.each([
    ['src/manifest/generated/validators.ts', validatorSource(taskSchema)],
    ['schema/credential.schema.json', `${JSON.stringify(credential, null, 2)}\n`],
    [
      'docs/manifest.md',
      manifestReference(taskSchema, credential, {
        rcloneFlags,
        flagVerdicts: flagVerdicts(),
        trueNasFields,
        trueNasProviders,
      }),
    ],
  ])('%s', (file, expected) => {
    expect(readFileSync(file, 'utf8') === expected).toBe(true);
  });
});

describe.each([
  ['task', taskSchema],
  ['credential', credential],
])('the schema of a %s', (name, schema) => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });

  test('is valid', () => {
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test('uses only keywords that draft-07 has too', () => {
    const used = new Set(schemasIn(schema, name).flatMap((place) => Object.keys(place.schema)));
    expect([...used].filter((keyword) => !sharedKeywords.includes(keyword))).toEqual([]);
  });

  test('describes each property once, with examples that are valid in their place', () => {
    const described = propertiesIn(schema, name).filter(({ path }) => !isBranch(path));
    expect(described.length).toBeGreaterThan(10);
    // Made once, and asked once about what is equal: the references to a secret are in every option.
    const lenient = new Ajv2020({ strict: false });
    const different = new Map(described.map((place) => [JSON.stringify(place.schema), place]));
    for (const { path, schema: property } of different.values()) {
      expect({ path, description: property.description }).toEqual({ path, description: expect.stringMatching(/\.$/) });
      expect({ path, examples: property.examples?.length ?? 0 }).not.toEqual({ path, examples: 0 });
      const { $id: _id, ...alone } = property;
      const validate = lenient.compile({ ...alone, definitions: schema.definitions ?? {} });
      const values = [...(property.examples ?? []), ...(property.default === undefined ? [] : [property.default])];
      for (const example of values)
        expect({ path, example, valid: validate(example) }).toEqual({ path, example, valid: true });
    }
  });

  test('sets a bound to every text, list and map', () => {
    const bounds: Readonly<Record<string, readonly string[]>> = {
      string: ['maxLength', 'enum', 'const'],
      array: ['maxItems'],
      object: ['maxProperties', 'additionalProperties'],
      integer: ['maximum'],
    };
    const unbound = schemasIn(schema, name).flatMap(({ path, schema: each }) =>
      [each.type].flat().flatMap((type) => {
        const wanted = bounds[String(type)] ?? [];
        return wanted.length === 0 || wanted.some((keyword) => keyword in each) ? [] : [`${path} ${type}`];
      }),
    );
    // Options of providers have the bounds that the provider knows.
    expect(unbound.filter((path) => !path.includes('*.options.'))).toEqual([]);
  });
});

/** `provider` and `options` are described once, above the branches for each provider. */
function isBranch(path: string): boolean {
  return path.endsWith('*.provider') || path.endsWith('*.options');
}

test('a task has a place for every field of the schema, and the schema for every field of a task', () => {
  const renamed: Readonly<Record<string, string>> = {
    path: 'paths',
    uploadChunkSize: 'uploadChunkSizeBytes',
    timeout: 'timeoutMs',
    minAge: 'minAgeMs',
    maxAge: 'maxAgeMs',
    minSize: 'minSizeBytes',
    maxSize: 'maxSizeBytes',
  };
  const written = Object.keys(taskSpecSchema.properties ?? {}).map((key) => renamed[key] ?? key);
  expect(written.sort()).toEqual(Object.keys(taskSpec()).sort());
});

test('what an editor reads stays short: a reference to a secret is written once', () => {
  expect(schemasIn(credential, '').filter(({ schema }) => 'fromEnv' in (schema.properties ?? {}))).toHaveLength(1);
});

test('a secret is a reference in the published schema too', () => {
  const validate = new Ajv2020({ strict: false }).compile(credential);
  const b2 = (key: unknown) =>
    validate({
      ...{ apiVersion: 'cloudsync/v1', kind: 'CloudCredential', metadata: { name: 'a' } },
      spec: { provider: 'b2', options: { account: 'a', key } },
    });
  expect(b2({ fromFile: '/run/secrets/b2-key' })).toBe(true);
  for (const wrong of ['secret', {}, { fromEnv: 'A B' }, { fromEnv: 'A', fromFile: '/b' }, { vault: 'a' }])
    expect({ wrong, valid: b2(wrong) }).toEqual({ wrong, valid: false });
});

test('the example of each provider passes the published schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(credential);
  for (const provider of providers.values()) {
    const options = Object.entries(provider.options).map(([key, option]) => {
      return [key, option.secret === true ? { fromEnv: 'SECRET' } : option.examples[0]];
    });
    const spec = { provider: provider.name, options: Object.fromEntries(options) };
    const manifest = { apiVersion: 'cloudsync/v1', kind: 'CloudCredential', metadata: { name: 'a' }, spec };
    expect({ name: provider.name, valid: validate(manifest) }).toEqual({ name: provider.name, valid: true });
    const misspelt = { ...spec, options: { ...spec.options, unknown_option: 1 } };
    expect(validate({ ...manifest, spec: misspelt })).toBe(false);
  }
  const named = (provider: string, options: object) =>
    validate({
      apiVersion: 'cloudsync/v1',
      kind: 'CloudCredential',
      metadata: { name: 'a' },
      spec: { provider, options },
    });
  expect(named('smb', { host: 'nas', port: 445, pass: { fromEnv: 'SECRET' } })).toBe(true);
  expect(named('hubic', {})).toBe(false);
});

test('the validators are there without ajv', () => {
  expect(existsSync('src/manifest/generated/validators.ts')).toBe(true);
  expect(readFileSync('src/manifest/generated/validators.ts', 'utf8')).not.toMatch(/require\(|from ['"]ajv/);
});
