import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoted } from '../../src/manifest/found-value.ts';
import { maskedLines, maskPolicy } from '../../src/manifest/line-mask.ts';
import { context, credentialText, parse, taskText } from './manifest-builder.ts';

function masked(text: string): string {
  return maskedLines(text.split('\n'), maskPolicy(text, context().providers.values())).join('\n');
}

describe('of a credential', () => {
  test('only what is known to be harmless is shown', () => {
    const text = credentialText(
      [
        ...[
          'access_key_id: AKIA',
          'secret_access_key: hunter2 # and why',
          'endpoint: https://e # mine',
          'typo: hunter2',
        ],
        ...[
          'pass: { fromEnv: PASS }',
          'key: |',
          '  hunter2',
          'hunter2',
          'token:',
          '  fromFile: /run/token',
          '# hunter2',
          '',
        ],
        ...['pass:', '  hunter2: x', '  - hunter2', 'host: { fromFile: /run/host }'],
      ],
      'here',
      's3',
    );
    expect(masked(text)).toMatchInlineSnapshot(`
      "apiVersion: cloudsync/v1
      kind: CloudCredential
      metadata:
        name: here
      spec:
        provider: s3
        options:
          access_key_id: AKIA
          secret_access_key: ***
          endpoint: https://e
          typo: ***
          pass: { fromEnv: PASS }
          key: ***
            ***
          ***
          token:
            fromFile: /run/token
          ***
          
          pass:
            ***
            ***
          host: { fromFile: /run/host }
      "
    `);
    expect(masked(text)).not.toContain('hunter2');
  });

  test('a key that a lost line break made a part of the value before it hides its own', () => {
    const text = credentialText(['access_key_id: AKIA    secret_access_key: hunter2'], 'here', 's3');
    expect(masked(text)).not.toContain('hunter2');
    expect(masked(text)).toContain('access_key_id: ***');
  });

  test('a key that was parted from its colon hides what follows', () => {
    const text = credentialText(['pass', ': |', '  hunter2', ': hunter2'], 'here', 's3');
    expect(masked(text)).not.toContain('hunter2');
  });

  test('a text that holds keys is quoted up to the first that may be a secret', () => {
    expect(quoted('{"account":"me","key":"hunter2"}')).toBe(JSON.stringify('{"account":"me","key":***'));
    expect(quoted('keyboard')).toBe('"keyboard"');
  });

  test('a file that does not say what it is counts as one', () => {
    expect(masked('spec:\n  password hunter2\n---\nspec: { pass: hunter2 }')).toBe('spec:\n  ***\n---\nspec: ***');
  });
});

describe('of a task', () => {
  test('what looks like a secret is hidden, and the rest is shown', () => {
    const text = taskText([
      ...[
        'description: backup',
        'encryption:',
        '  password: hunter2',
        '  salt: { fromEnv: SALT }',
        '  filenames: true',
      ],
      ...['transfers: 4', 'rcloneFlags: { header: hunter2 }', 'preScript: |', '  export TOKEN=hunter2', '  echo done'],
      ...['encryption: { password: hunter2 }', 'password: >', '  hunter2', '', 'hunter2', 'enabled: true'],
      ...['description: https://user:hunter2@example.org/', 'encryption: # below', '  filenames: true'],
    ]);
    expect(masked(text)).toMatchInlineSnapshot(`
      "apiVersion: cloudsync/v1
      kind: CloudSyncTask
      metadata:
        name: photos
      spec:
        direction: PUSH
        path: /data/photos
        remote: { credential: here, folder: photos }
        description: backup
        encryption:
          password: ***
          salt: { fromEnv: SALT }
          filenames: true
        transfers: 4
        rcloneFlags: ***
        preScript: |
          export TOKEN=***
          ***
        encryption: ***
        password: ***
          ***
        
        ***
        enabled: true
        description: https://***@example.org/
        encryption: ***
          filenames: true
      "
    `);
    expect(masked(text)).not.toContain('hunter2');
  });
});

/** The places where people put secrets, right and wrong. */
const templates: readonly ((secret: string) => string)[] = [
  (secret) => credentialText([`secret_access_key: ${secret}`], 'here', 's3'),
  (secret) => credentialText([`secret_access_key: "${secret}"`, 'access_key_id: [1]'], 'here', 's3'),
  (secret) => credentialText([`access_key: ${secret}`, 'storage_class: nothing'], 'here', 's3'),
  (secret) => credentialText([`pass: { value: ${secret} }`, 'port: 22'], 'here', 'sftp'),
  (secret) => credentialText([`pass: { fromEnv: "${secret}-" }`], 'here', 'sftp'),
  (secret) => credentialText([`pass: {${secret}}`], 'here', 'sftp'),
  (secret) => credentialText([`pass: !${secret} x`, 'host: *h'], 'here', 'sftp'),
  (secret) => credentialText([`pass: &${secret} x`, `host: *${secret}`], 'here', 'sftp'),
  (secret) => credentialText([`pass: *${secret}`], 'here', 'sftp'),
  (secret) => credentialText([`pass: @${secret}`], 'here', 'sftp'),
  (secret) => credentialText([`pass: ${secret}: x`], 'here', 'sftp'),
  (secret) => credentialText([`pass: "\\U${secret}"`], 'here', 'sftp'),
  (secret) => credentialText([`pass: "${secret}`, secret], 'here', 'sftp'),
  (secret) => credentialText(['pass: |', `  ${secret}`, `\t${secret}`], 'here', 'sftp'),
  (secret) => credentialText([`# pass: ${secret}`, 'port: x'], 'here', 'sftp'),
  (secret) => credentialText([`endpoint: ftp://user:${secret}@example.org`], 'here', 's3'),
  (secret) => credentialText([`pass: ${secret}`, `pass: ${secret}`], 'here', 'sftp'),
  (secret) => `kind: CloudCredential\nspec: { options: { pass: ${secret} } }\n`,
  (secret) => `kind: CloudCredential\nspec:\n  pass: ${secret}\n  options: ${secret}\n`,
  (secret) => `kind: CloudSyncTsk\nspec:\n  encryption:\n    password: ${secret}\n`,
  (secret) => taskText(['encryption:', `  password: ${secret}`, `  salt: ${secret}`]),
  (secret) => taskText(['encryption:', `  password: {${secret}}`, `  salt: [${secret}]`]),
  (secret) => taskText([`encryption: ${secret}`, 'enabled: x']),
  (secret) => taskText([`encryption: { password: ${secret}, pasword: ${secret} }`]),
  (secret) => taskText(['encryption:', '  password: |', `    ${secret}`, `  ${secret}`, 'enabled: @']),
  (secret) => taskText([`rcloneFlags: { header: [${secret}] }`]),
  (secret) => taskText(['rcloneFlags:', `  header: [${secret}]`, `  b2_key: *${secret}`]),
  (secret) => taskText([`password: ${secret}`, `timeout: 1`]),
  (secret) => taskText([`enabled: x # the password: ${secret}`]),
  (secret) => taskText(['preScript: |', `  export B2_KEY=${secret}`, 'enabled: x']),
];

test('no problem shows a secret, wherever it is written', () => {
  const secret = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{11,15}$/);
  fc.assert(
    fc.property(secret, fc.constantFrom(...templates), (canary, template) => {
      const { problems, places } = parse(template(canary));
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify({ problems, places })).not.toContain(canary);
    }),
    { numRuns: 300 },
  );
});
