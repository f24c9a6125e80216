import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkOption } from '../../src/manifest/credential-option.ts';
import { type Provider, taskOptions } from '../../src/model/provider.ts';
import { providers } from '../../src/provider/registry.ts';

const offering = [...providers.values()].filter(({ perTask }) => perTask !== undefined);

test('are options of the provider, and none that is secret, or places files, or opens them to others', () => {
  for (const provider of offering) {
    const options = taskOptions(provider);
    expect(Object.keys(options)).toEqual(Object.keys(provider.perTask ?? {}));
    for (const [name, option] of Object.entries(options)) {
      expect([name, option.secret === true, option.required === true, option.type === 'path']).toEqual([
        name,
        false,
        false,
        false,
      ]);
      expect(name).not.toMatch(
        /endpoint|host|url|account|user|key$|root|drive_id|team|acl|impersonate|auth|token|credentials|location|profile|delete|trash|versions/,
      );
    }
  }
});

test('are listed in the schema', () => {
  const schema: string = readFileSync(new URL('../../schema/task.schema.json', import.meta.url), 'utf8');
  for (const { name, perTask } of offering) {
    expect(schema).toContain(`${name}: ${Object.keys(perTask ?? {}).join(', ')}.`);
  }
});

describe('the region of a task', () => {
  const { region } = taskOptions(providers.get('s3') as Provider);

  test.each(['eu-central-1', 'us-east-1', 'ap-southeast-2', 'auto'])('%s', (value) => {
    expect(region !== undefined && checkOption('region', region, value, '/').ok).toBe(true);
  });

  test.each([
    'cn-north-1',
    'us-gov-west-1',
    'us-isob-east-1',
    'evil.com/x',
    'eu-central-1.evil.com',
    'a@b',
    'x#-1',
    '',
  ])('%s is not taken: it would lead elsewhere', (value) => {
    expect(region !== undefined && checkOption('region', region, value, '/').ok).toBe(false);
  });
});
