import type { FarLocation, FarPlace, Mark } from '../model/far-place.ts';
import { bucketParts, noMark, opening, placing, serverMark } from '../place/far-mark.ts';

/** Containers belong to a tenant, in a region of the service that the login is for. */
export function swiftPlace({ options, bucket, folder }: FarLocation): FarPlace {
  const { auth, storage_url: storage, region } = options;
  const marks: readonly Mark[] =
    storage === undefined
      ? [serverMark(auth, '').mark, tenantOf(options), placing(region)]
      : // An address of the storage names the account in a way of its own.
        [opening(options, ['storage_url']), opening(options, ['storage_url']), { value: noMark.value, known: false }];
  return { kind: 'far', service: 'swift', marks, parts: bucketParts(bucket, folder), folds: false, host: 'server' };
}

function tenantOf(options: FarLocation['options']): Mark {
  const { tenant, tenant_id: id, user, domain: own = '', tenant_domain: named = own } = options;
  if (typeof id === 'string' && id !== '') return { value: `id ${id}`, known: false };
  const domain = String(named).toLowerCase();
  if (typeof tenant === 'string' && tenant !== '') return { value: `${tenant} ${domain}`, known: true };
  // In version 1 the tenant stands before the name of the user.
  if (typeof user === 'string' && user.includes(':'))
    return { value: `${user.slice(0, user.indexOf(':'))} `, known: true };
  return opening(options, [
    'application_credential_id',
    'application_credential_name',
    'user',
    'user_id',
    'auth_token',
  ]);
}
