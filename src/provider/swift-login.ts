import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue } from '../model/provider.ts';
import { advised, countGiven, isGiven, missing } from './option-rule.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Swift has three ways to log in, and the first of them changed from version to version. */
export function swiftIssues(options: Options): readonly OptionIssue[] {
  if (isGiven(options, 'auth_token')) return needs(options, ['storage_url'], 'auth_token');
  const byApplication = 'application_credential_secret';
  if (isGiven(options, byApplication)) {
    const named = countGiven(options, ['application_credential_id', 'application_credential_name']) > 0;
    const identity = named
      ? []
      : [missing(absent('application_credential_id', byApplication), hintFor('application_credential_id'))];
    return [...needs(options, ['auth'], byApplication), ...identity];
  }
  const user = isGiven(options, 'user_id') ? [] : ['user'];
  return [...needs(options, ['auth', 'key', ...user], null), ...scopeAdvice(options)];
}

function needs(options: Options, names: readonly string[], beside: string | null): readonly OptionIssue[] {
  return names.filter((name) => !isGiven(options, name)).map((name) => missing(absent(name, beside), hintFor(name)));
}

function absent(name: string, beside: string | null): string {
  return `provider swift needs the option "${name}"${beside === null ? '' : ` with ${beside}`}`;
}

function hintFor(name: string): string {
  return name === 'key'
    ? 'for example key: { fromEnv: SWIFT_KEY }'
    : `add ${name} as your provider gives it in its OpenStack RC file`;
}

/** From version 2 on a login is for a tenant, and from version 3 on a user is known within a domain. */
function scopeAdvice(options: Options): readonly OptionIssue[] {
  const version = versionOf(options);
  const tenant = version >= 2 && countGiven(options, ['tenant', 'tenant_id']) === 0;
  const domain = version === 3 && !isGiven(options, 'user_id') && !isGiven(options, 'domain');
  return [
    ...(tenant ? [advised(`provider swift mostly needs a tenant for version ${version}`, hintFor('tenant'))] : []),
    ...(domain ? [advised('provider swift mostly needs a domain for version 3', 'for example domain: "Default"')] : []),
  ];
}

/** 0 when it cannot be told from what is written. */
function versionOf({ auth_version: version, auth }: Options): number {
  if (typeof version === 'number' && version > 0) return version;
  const match = typeof auth === 'string' ? /\/v([123])(?:\.\d+)?\/?$/.exec(auth) : null;
  return Number(match?.[1] ?? 0);
}
