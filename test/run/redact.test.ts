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

  test('knows each secret of a token, and leaves what anybody may know', () => {
    const token = {
      access_token: 'ya29.access',
      token_type: 'Bearer',
      refresh_token: '1//refresh',
      expiry: '2026-01-01',
    };
    const redact = createRedaction([JSON.stringify(token)]);
    expect(redact('ya29.access and 1//refresh')).toBe('*** and ***');
    expect(redact('Bearer until 2026-01-01')).toBe('Bearer until 2026-01-01');
    expect(redact(`saved ${JSON.stringify(token)}`)).toBe('saved ***');
    expect(redact(encodeURIComponent('1//refresh'))).toBe('***');
  });

  test('knows each line of the key of a service account, and leaves its addresses', () => {
    const account = {
      type: 'service_account',
      private_key: 'BEGIN KEY\nMIIEvQ\nEND KEY\n',
      token_uri: 'https://oauth2.example.org',
    };
    const redact = createRedaction([JSON.stringify(account)]);
    expect(redact('bad MIIEvQ in a service_account of https://oauth2.example.org')).toBe(
      'bad *** in a service_account of https://oauth2.example.org',
    );
  });

  test('what is JSON and no object is a secret as a whole', () => {
    expect(createRedaction(['12345678', 'null', '"quoted"'])('12345678 null "quoted"')).toBe('*** null ***');
  });

  test('half a character in a token does no harm', () => {
    expect(createRedaction(['{"access_token":"\\ud800secret"}'])('x \ud800secret')).toBe('x ***');
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
