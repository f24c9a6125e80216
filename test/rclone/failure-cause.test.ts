import { expect, test } from 'vitest';
import { failureCause } from '../../src/rclone/failure-cause.ts';

test.each([
  ['expired', 'ExpiredToken: The provided token has expired.\n\tstatus code: 400, request id: '],
  ['expired', 'operation error S3: ListObjects, StatusCode: 400, api error ExpiredToken: gone'],
  ['expired', `couldn't fetch token: invalid_grant`],
  ['refused', 'InvalidAccessKeyId: no\n\tstatus code: 403'],
  ['refused', 'x: 401 Unauthorized'],
  ['transient', 'SlowDown: Please reduce your request rate.\n\tstatus code: 503, request id: '],
  ['transient', 'https response error StatusCode: 503, RequestID: , api error SlowDown: no'],
  ['transient', 'dial tcp 127.0.0.1:9: connect: connection refused'],
  ['transient', 'googleapi: Error 403: User Rate Limit Exceeded, userRateLimitExceeded'],
  ['transient', 'path/../: too_many_requests'],
  ['permanent', 'AccessDenied: Access Denied\n\tstatus code: 403'],
  ['permanent', 'x509: certificate signed by unknown authority'],
  ['permanent', 'download: path/restricted_content/'],
  [null, 'size changed from 401 to 503 bytes'],
  [null, 'Failed to copy: permission denied'],
] as const)('%s: %s', (cause, text) => {
  expect(failureCause([text])).toBe(cause);
});

test('a refused login outweighs a busy server, and an expired one both', () => {
  expect(failureCause(['connection reset', 'x: 401 Unauthorized'])).toBe('refused');
  expect(failureCause(['connection reset', 'x: 401 Unauthorized', 'invalid_grant'])).toBe('expired');
  expect(failureCause(['AccessDenied: no', 'connection reset'])).toBe('transient');
});
