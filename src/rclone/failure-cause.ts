/** What a failure comes from, as far as rclone's words tell it. */
export type FailureCause = 'expired' | 'refused' | 'transient' | 'permanent';

/**
 * The causes in the order in which they win: a login that has expired helps nothing else, and one that was refused must
 * not be tried until the server locks the account. These are the words of both AWS SDKs that rclone has used (v1 writes
 * `SlowDown: … status code: 503`, v2 `StatusCode: 503, … api error SlowDown: …`) and of Go's network library.
 */
const causes: readonly (readonly [FailureCause, RegExp])[] = [
  [
    'expired',
    /invalid_grant|maybe token expired|couldn't fetch token|empty token found|\b(?:ExpiredToken(?:Exception)?|TokenRefreshRequired|expired_access_token)\b/,
  ],
  [
    'refused',
    /\b401 [A-Z]|[Ss]tatus ?[Cc]ode: 401\b|\b(?:InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClientException)\b|ssh: unable to authenticate|\b530 Login|invalid_access_token/,
  ],
  [
    'transient',
    /connection (?:refused|reset)|no such host|i\/o timeout|network is unreachable|no route to host|TLS handshake timeout|server misbehaving|unexpected EOF|broken pipe|context deadline exceeded|Client\.Timeout|timed? ?out awaiting|\b(?:429|500|502|503|504|509|52\d) [A-Z]|[Ss]tatus ?[Cc]ode: (?:429|500|502|503|504|509|52\d)\b|\b(?:SlowDown|RequestTimeout|InternalError|ServiceUnavailable|TooManyRequests|Throttling\w*|too_many_requests|rateLimitExceeded|userRateLimitExceeded)\b/,
  ],
  [
    'permanent',
    /\b403 [A-Z]|[Ss]tatus ?[Cc]ode: 403\b|\b(?:AccessDenied|AllAccessDisabled|NoSuchBucket|RequestTimeTooSkewed|InvalidBucketName)\b|x509: |server gave HTTP response to HTTPS client|first record does not look like a TLS handshake|remote error: tls|knownhosts: key|restricted_content|didn't find (?:backend|section)/,
  ],
];

/** The cause that weighs most among rclone's messages; `null`: they name none that is known. */
export function failureCause(words: readonly string[]): FailureCause | null {
  return causes.find(([, pattern]) => words.some((text) => pattern.test(text)))?.[0] ?? null;
}
