import { expect, test } from 'vitest';
import { type CredentialFacts, credentialStatus } from '../../src/status/credential-status.ts';
import { problem } from '../helper/build.ts';
import { now } from './facts.ts';

const accepted = { outcome: 'Accepted', at: now, acceptedAt: now, message: 'The remote accepted it' } as const;
const expired = { outcome: 'AuthExpired', at: now, acceptedAt: now - 1, message: 'The token has expired' } as const;
const failed = { outcome: 'Failed', at: now, acceptedAt: null, message: 'No route to the remote' } as const;

const cases: readonly (readonly [string, Partial<CredentialFacts>, string, string, readonly string[]])[] = [
  ['never asked', {}, 'Synced', 'Unknown', ['Ready=Unknown NotVerified', 'Valid=True Valid']],
  ['accepted', { verification: accepted }, 'Synced', 'Healthy', ['Ready=True Verified', 'Valid=True Valid']],
  [
    'expired',
    { verification: expired },
    'Synced',
    'Degraded',
    ['Ready=False AuthExpired', 'Valid=True Valid', 'Stalled=True AuthExpired'],
  ],
  ['failed', { verification: failed }, 'Synced', 'Degraded', ['Ready=False VerificationFailed', 'Valid=True Valid']],
  [
    'invalid',
    { verification: accepted, problems: [problem()] },
    'Invalid',
    'Degraded',
    ['Ready=False InvalidManifest', 'Valid=False Invalid', 'Stalled=True InvalidManifest'],
  ],
];

test.each(cases)('a credential that is %s', (_title, part, sync, health, conditions) => {
  const facts = { problems: [], verification: null, writerVersion: '0.1.0', ...part };
  const status = credentialStatus(facts, null, now);
  expect(status).toMatchObject({ sync, health });
  expect(status.conditions.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`)).toEqual(conditions);
  expect(credentialStatus(facts, status, now + 1)).toEqual(status);
});

test('says when the remote last accepted it', () => {
  const status = credentialStatus({ problems: [], verification: expired, writerVersion: '0.1.0' }, null, now);
  expect(status.verifiedAt).toBe('2026-01-09T23:59:59.999Z');
});
