import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import type { Tokens } from './tokens.ts';
import { type CloudRequest, type CloudResponse, json } from './traffic.ts';

export interface ServiceAccount {
  /** As Google's console hands it out. */
  readonly keyFile: string;
  readonly tokenHost: string;
  /** Gives the account's present access token for a claim that is signed with the key. */
  token(request: CloudRequest, tokens: Tokens): CloudResponse;
}

const tokenHost = 'service-accounts.googleapis.com';

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
export function serviceAccount(): ServiceAccount {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const email = 'backup@project.iam.gserviceaccount.com';
  return {
    tokenHost,
    keyFile: JSON.stringify({
      ...{
        type: 'service_account',
        project_id: 'project',
        private_key_id: 'key-1',
        client_id: '1',
        client_email: email,
      },
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `https://${tokenHost}/token`,
    }),
    token({ body }, tokens) {
      const form = new URLSearchParams(body.toString());
      const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const signed = createVerify('RSA-SHA256')
        .update(`${head}.${claims}`)
        .verify(createPublicKey(privateKey), signature, 'base64url');
      const { iss } = signed ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : { iss: null };
      if (iss !== email) return json({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }, 400);
      const { access_token } = JSON.parse(tokens.json());
      return json({ access_token, token_type: 'Bearer', expires_in: 3600 });
    },
  };
}
