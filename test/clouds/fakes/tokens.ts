import { type CloudRequest, type CloudResponse, json } from './traffic.ts';

export interface TokenPolicy {
  /** Whether each refresh gives a new refresh token and ends the old one, as Box and OneDrive do. */
  readonly rotates: boolean;
  readonly lifetimeSeconds: number;
}

/** The OAuth tokens of one account, and the endpoint that renews them. */
export interface Tokens {
  /** The value of rclone's option `token`, as `rclone authorize` prints it; `expired` makes rclone renew it at once. */
  json(options?: { readonly expired: boolean }): string;
  /** How often the endpoint gave a new token. */
  readonly refreshes: number;
  /** Ends all access tokens, so that the next request is answered 401. */
  expire(): void;
  /** Ends all tokens, as an account's owner does; the endpoint answers `invalid_grant` from here on. */
  revoke(): void;
}

export const defaultTokenPolicy: TokenPolicy = { rotates: true, lifetimeSeconds: 3600 };

export function accountTokens(
  policy: TokenPolicy,
): Tokens & { accepts(request: CloudRequest): boolean; renew(request: CloudRequest): CloudResponse } {
  let generation = 0;
  let refreshToken: string | null = 'refresh-0';
  let accessTokens = new Set(['access-0']);

  return {
    json: ({ expired } = { expired: false }) =>
      JSON.stringify({
        access_token: `access-${generation}`,
        token_type: 'Bearer',
        refresh_token: refreshToken ?? 'refresh-revoked',
        // Far from now in both directions: rclone compares it with the wall clock.
        expiry: expired ? '2020-01-01T00:00:00Z' : '2099-01-01T00:00:00Z',
      }),
    get refreshes() {
      return generation;
    },
    expire: () => {
      accessTokens = new Set();
    },
    revoke: () => {
      accessTokens = new Set();
      refreshToken = null;
    },
    accepts: ({ headers: { authorization = '' } }) => {
      const [, token] = /^(?:Bearer|OAuth) (.+)$/i.exec(authorization) ?? [];
      return token !== undefined && accessTokens.has(token);
    },
    renew: ({ body }) => {
      const form = new URLSearchParams(body.toString());
      if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== refreshToken) {
        return json({ error: 'invalid_grant', error_description: 'The refresh token is invalid or revoked.' }, 400);
      }
      generation += 1;
      if (policy.rotates) refreshToken = `refresh-${generation}`;
      accessTokens.add(`access-${generation}`);
      return json({
        access_token: `access-${generation}`,
        token_type: 'bearer',
        expires_in: policy.lifetimeSeconds,
        ...(policy.rotates ? { refresh_token: refreshToken } : {}),
      });
    },
  };
}
