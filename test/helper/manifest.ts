/** Manifests as people write them; each takes the parts that a test is about. */
export interface WrittenSpec {
  readonly [field: string]: unknown;
}

export function taskManifest(name: string, spec: WrittenSpec = {}): object {
  return {
    apiVersion: 'cloudsync/v1',
    kind: 'CloudSyncTask',
    metadata: { name },
    spec: {
      ...{ direction: 'PUSH', path: `../local/${name}`, remote: { credential: 'here', folder: name } },
      // A test whose run fails would wait for the next attempt.
      retry: { limit: 0 },
      ...spec,
    },
  };
}

/** A directory beside `tasks.d` stands in for the cloud. */
export function credentialManifest(
  name = 'here',
  spec: WrittenSpec = { provider: 'local', options: { root: '../cloud' } },
): object {
  return { apiVersion: 'cloudsync/v1', kind: 'CloudCredential', metadata: { name }, spec };
}
