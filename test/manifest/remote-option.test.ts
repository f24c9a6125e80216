import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import { everything } from '../../src/model/selection.ts';
import { providers } from '../../src/provider/registry.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

const keys = ['access_key_id: { fromEnv: A }', 'secret_access_key: { fromEnv: B }'];

function assembled(options: string) {
  const part = { providers };
  const lines = ['remote:', '  credential: here', '  bucket: b', `  options: ${options}`];
  const manifests = [
    parse(taskText(lines), 'photos.yaml', part),
    parse(credentialText(keys, 'here', 's3'), 'here.yaml', part),
  ];
  const snapshot = { revision: null, allowEmpty: false };
  return assembleDesired({ snapshot, manifests, active: new Map(), selection: everything, context: context(part) });
}

describe('options of a task', () => {
  test('are part of its spec and of its hash', () => {
    const plain = assembled('{}').tasks.get('photos');
    const cold = assembled('{ storage_class: STANDARD_IA, requester_pays: true }').tasks.get('photos');
    expect(plain?.spec.remote).not.toHaveProperty('options');
    expect(cold?.spec.remote.options).toEqual({ storage_class: 'STANDARD_IA', requester_pays: true });
    expect(cold?.specHash).not.toBe(plain?.specHash);
  });

  test.each([
    ['{ endpoint: "https://evil.example" }', 'CS041 spec.remote.options: a task may not set "endpoint" of provider s3'],
    ['{ acl: public-read }', 'CS041 spec.remote.options: a task may not set "acl" of provider s3'],
    ['{ access_key_id: AKIA }', 'CS041 spec.remote.options: a task may not set "access_key_id" of provider s3'],
    ['{ chunk_size: 5Mi }', 'CS041 spec.remote.options: a task may not set "chunk_size" of provider s3'],
    ['{ constructor: a }', 'CS041 spec.remote.options: a task may not set "constructor" of provider s3'],
    ['{ region: "x.evil.example/" }', 'CS044 spec.remote.options: option "region" must be in the right format'],
    ['{ requester_pays: "yes" }', 'CS044 spec.remote.options: option "requester_pays" must be true or false'],
    [
      '{ server_side_encryption: rot13 }',
      'CS044 spec.remote.options: option "server_side_encryption" must be one of AES256, aws:kms',
    ],
  ])('%s is refused', (options, message) => {
    const { tasks, problems } = assembled(options);
    expect(messages(problems)).toEqual([message]);
    expect(problems[0]?.line).toBe(11);
    expect([...tasks.keys()]).toEqual([]);
  });

  test('a misspelt one has a suggestion, and one of the credential says where it belongs', () => {
    expect(assembled('{ storage_clas: GLACIER }').problems[0]?.hint).toBe('did you mean "storage_class"?');
    expect(assembled('{ endpoint: a }').problems[0]?.hint).toContain(
      'set endpoint in spec.options of the CloudCredential',
    );
  });

  test('belong to a credential', () => {
    expect(messages(parse(taskText(['remote: { rcloneRemote: x, options: { a: 1 } }'])).problems)).toEqual([
      'CS012 spec.remote.options cannot be used with rcloneRemote, whose options are those of its section',
    ]);
  });
});
