import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { credentialEnvelope } from './credential-schema.mjs';

/**
 * TypeScript source of the compiled validators. What a credential's options may be is checked against the provider in
 * use, so only the shape around them is compiled.
 */
export function validatorSource(taskSchema) {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    messages: false,
    logger: false,
    // Lengths count UTF-16 units; counting characters would need ajv at run time.
    unicode: false,
    code: { esm: true, source: true },
  });
  ajv.addSchema(withoutWords(taskSchema), 'task');
  ajv.addSchema(withoutWords(credentialEnvelope), 'credential');
  const code = standaloneCode.default(ajv, { validateTask: 'task', validateCredential: 'credential' });
  if (code.includes('require(')) throw new Error('Internal error: the validators need ajv at run time');
  const expectations = { task: expectationsOf(taskSchema), credential: expectationsOf(credentialEnvelope) };
  return `// @ts-nocheck\n${code}\nexport const expectations = ${JSON.stringify(expectations)};\n`;
}

/** Descriptions and examples are for readers; the compiled code would carry them along. */
function withoutWords(schema) {
  const words = ['title', 'description', 'examples', 'default'];
  const { properties, ...rest } = Object.fromEntries(Object.entries(schema).filter(([key]) => !words.includes(key)));
  if (properties === undefined) return rest;
  const plain = Object.entries(properties).map(([key, property]) => [key, withoutWords(property)]);
  return { ...rest, properties: Object.fromEntries(plain) };
}

/** What an error message needs to know, by the JSON pointer that ajv gives as the place in the schema. */
function expectationsOf(schema, pointer = '#') {
  const nested = Object.entries(schema.properties ?? {}).map(([key, property]) => [
    `${pointer}/properties/${key}`,
    property,
  ]);
  if (schema.items !== undefined) nested.push([`${pointer}/items`, schema.items]);
  return Object.assign(
    { [pointer]: { keys: Object.keys(schema.properties ?? {}), example: schema.examples?.[0] ?? null } },
    ...nested.map(([place, property]) => expectationsOf(property, place)),
  );
}
