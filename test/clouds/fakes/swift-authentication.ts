import { type CloudRequest, type CloudResponse, json } from './traffic.ts';

export interface SwiftAuthentication {
  /** Where to log in. */
  readonly path: string;
  /** What a request for data must carry. */
  readonly token: string;
  options(origin: string): Readonly<Record<string, string>>;
  logIn(request: CloudRequest): CloudResponse;
}

const token = 'fake-swift-token';

export function swiftAuthentication(kind: 'TempAuth' | 'Keystone'): SwiftAuthentication {
  return kind === 'TempAuth' ? tempAuth : keystone;
}

const tempAuth: SwiftAuthentication = {
  path: '/auth/v1.0',
  token,
  options: (origin) => ({ user: 'test:tester', key: 'fake-swift-key', auth: `${origin}/auth/v1.0` }),
  logIn({ url, headers }) {
    if (headers['x-auth-user'] !== 'test:tester' || headers['x-auth-key'] !== 'fake-swift-key') return { status: 401 };
    return { status: 200, headers: { 'x-storage-url': storageUrl(url), 'x-auth-token': token } };
  },
};

const keystone: SwiftAuthentication = {
  path: '/v3/auth/tokens',
  token,
  options: (origin) => ({
    ...{ user: 'tester', key: 'fake-swift-key', domain: 'Default', tenant: 'project', tenant_domain: 'Default' },
    ...{ auth: `${origin}/v3`, region: 'here' },
  }),
  logIn({ url, body }) {
    const { auth } = JSON.parse(body.toString());
    const { name, password, domain } = auth.identity.password.user;
    const scope = auth.scope?.project;
    const known = name === 'tester' && password === 'fake-swift-key' && domain.name === 'Default';
    if (!known || scope?.name !== 'project' || scope.domain.name !== 'Default') return { status: 401 };
    const endpoint = { interface: 'public', region: 'here', url: storageUrl(url) };
    const catalog = [{ type: 'object-store', name: 'swift', endpoints: [endpoint] }];
    return json({ token: { expires_at: '2099-01-01T00:00:00.000000Z', catalog } }, 201, { 'x-subject-token': token });
  },
};

function storageUrl({ origin }: URL): string {
  return `${origin}/v1/AUTH_fake`;
}
