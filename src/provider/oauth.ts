import type { ProviderOption } from '../model/provider.ts';

/**
 * The options of a provider that people log in to with a browser. `type` is the backend's name in rclone; `optional` is
 * for one that has other ways to log in.
 */
export function oauthOptions(type: string, token: 'required' | 'optional'): Readonly<Record<string, ProviderOption>> {
  return {
    client_id: {
      type: 'string',
      description: "Client ID of your own application; rclone's own when left out.",
      examples: ['0123456789abcdef'],
    },
    client_secret: {
      type: 'string',
      description: 'Client secret that belongs to client_id.',
      examples: [],
      secret: true,
    },
    token: {
      type: 'string',
      description: `OAuth token: the JSON text that \`rclone authorize "${type}"\` prints, with the braces.`,
      examples: [],
      required: token === 'required',
      secret: true,
    },
    token_url: {
      type: 'string',
      description: 'Address at which the token is renewed; that of the service when left out.',
      examples: ['https://login.example.com/oauth2/token'],
      // A user and password before an @ would put a secret into Git.
      pattern: '^https?://[^\\s/@]+(/\\S*)?$',
    },
  };
}

export const renewedToken =
  'The token in the manifest is only the first one: renewed tokens are kept in the state directory, so keep that on a volume that lasts.';
