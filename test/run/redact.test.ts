import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedaction } from '../../src/run/redact.ts';

describe('createRedaction', () => {
  test('strikes a secret out wherever it stands', () => {
    expect(createRedaction(['hunter2'])('hunter2 and hunter2')).toBe('*** and ***');
  });

  test('knows a secret in a URL and in JSON', () => {
    const redact = createRedaction(['pass word/"1"']);
    expect(redact(`https://me:${encodeURIComponent('pass word/"1"')}@example.org`)).toBe('https://me:***@example.org');
    expect(redact(JSON.stringify({ password: 'pass word/"1"' }))).toBe('{"password":"***"}');
  });

  test('knows each line of a key', () => {
    expect(createRedaction(['first-line\nsecond-line'])('bad second-line')).toBe('bad ***');
  });

  test('a secret within another leaves nothing of the longer one', () => {
    expect(createRedaction(['secret', 'secret-and-more'])('secret-and-more')).toBe('***');
  });

  test('what is short would turn up by chance and stays', () => {
    expect(createRedaction(['photo'])('photos')).toBe('photos');
    expect(createRedaction([])('photos')).toBe('photos');
  });

  test('no secret of six characters or more is left in any text', () => {
    const secret = fc.string({ minLength: 6, unit: 'grapheme' }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        expect(createRedaction([value])(before + value + after)).not.toContain(value);
      }),
    );
  });
});
