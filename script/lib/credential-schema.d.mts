import type { Provider } from '../../src/model/provider.ts';

export const credentialEnvelope: object;
export function credentialSchema(providers: readonly Provider[]): object;
