import { expect, test } from 'vitest';
import { statusKind } from '../../src/model/status.ts';

test.each([
  ['CloudSyncTask', 'CloudSyncTaskStatus'],
  ['CloudCredential', 'CloudCredentialStatus'],
  // A manifest whose kind cannot be read.
  [null, 'ManifestStatus'],
] as const)('the status of %s is a %s', (kind, expected) => {
  expect(statusKind(kind)).toBe(expected);
});
