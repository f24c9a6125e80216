const secretReference = {
  description: 'Where a secret is found.',
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  examples: [{ fromEnv: 'B2_KEY' }, { fromFile: '/run/secrets/b2-key' }],
  properties: {
    fromEnv: {
      description: 'The name of an environment variable of the daemon.',
      type: 'string',
      maxLength: 256,
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      examples: ['B2_KEY'],
    },
    fromFile: {
      description:
        "The path of a file; one newline at its end is not counted. A relative path starts from the manifest's folder.",
      type: 'string',
      minLength: 1,
      maxLength: 4096,
      examples: ['/run/secrets/b2-key'],
    },
    fromCommand: {
      description:
        'A program and its arguments, that prints the secret. No shell is involved. A program that is written with a slash is a path as in fromFile.',
      type: 'array',
      minItems: 1,
      maxItems: 64,
      items: { type: 'string', minLength: 1, maxLength: 4096 },
      examples: [['pass', 'show', 'b2-key']],
    },
    age: {
      description:
        'The secret itself, encrypted by age, as armoured text. The daemon decrypts it with the identity file that CLOUDSYNC_AGE_IDENTITY_FILE names.',
      type: 'string',
      minLength: 1,
      maxLength: 16384,
      examples: ['-----BEGIN AGE ENCRYPTED FILE-----\n…\n-----END AGE ENCRYPTED FILE-----\n'],
    },
  },
};

/** Written once and referred to: the schema would be ten times as long with a copy in every option. */
const toSecretReference = { $ref: '#/definitions/secretReference' };

/** A credential without what its provider says of the options. */
export const credentialEnvelope = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://cloudsync.invalid/schema/credential.schema.json',
  title: 'CloudCredential',
  description:
    'An account at a cloud storage provider, or a directory of this machine. It never holds a secret, only where to find one.',
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: {
      description: 'The version of this format.',
      type: 'string',
      const: 'cloudsync/v1',
      examples: ['cloudsync/v1'],
    },
    kind: {
      description: 'What this file declares.',
      type: 'string',
      const: 'CloudCredential',
      examples: ['CloudCredential'],
    },
    metadata: {
      description: 'Who the credential is.',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      examples: [{ name: 'backblaze' }],
      properties: {
        name: {
          description:
            'What tasks call it by. Unique among all credentials: lower-case letters, digits and hyphens, beginning and ending with a letter or digit, at most 52 characters.',
          type: 'string',
          maxLength: 52,
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
          examples: ['backblaze'],
        },
        labels: {
          description: 'Names and values of your own, to find and group credentials by.',
          type: 'object',
          maxProperties: 64,
          additionalProperties: { type: 'string', maxLength: 256 },
          examples: [{ team: 'media' }],
        },
        annotations: {
          description: 'Names and values of your own, for people and other tools to read.',
          type: 'object',
          maxProperties: 64,
          additionalProperties: { type: 'string', maxLength: 4096 },
          examples: [{ owner: 'media@example.org' }],
        },
      },
    },
    spec: {
      description: 'The provider, and how to log in to it.',
      type: 'object',
      required: ['provider'],
      additionalProperties: false,
      examples: [{ provider: 'local', options: { root: '/mnt/backup' } }],
      properties: {
        provider: {
          description: "The kind of remote: the name of rclone's backend, or local.",
          type: 'string',
          minLength: 1,
          maxLength: 64,
          examples: ['local'],
        },
        options: {
          description: "The provider's options, under the names that rclone's own configuration uses.",
          type: 'object',
          default: {},
          maxProperties: 100,
          examples: [{ root: '/mnt/backup' }],
        },
      },
    },
  },
};

/** The published schema: the envelope, and for each provider what its options may be. */
export function credentialSchema(providers) {
  const { provider, options } = credentialEnvelope.properties.spec.properties;
  const spec = {
    ...credentialEnvelope.properties.spec,
    properties: { provider: { ...provider, examples: providers.map(({ name }) => name) }, options },
    oneOf: [...providers.map(providerBranch), otherBackend(providers)],
  };
  return {
    ...credentialEnvelope,
    properties: { ...credentialEnvelope.properties, spec },
    definitions: { secretReference },
  };
}

function providerBranch(provider) {
  return {
    title: provider.title,
    description: [provider.description, ...provider.notes].join(' '),
    ...(requiredOptions(provider).length > 0 ? { required: ['options'] } : {}),
    properties: { provider: { const: provider.name }, options: optionsSchema(provider) },
  };
}

/** What its options are is for the installed rclone to say, when the manifest is validated. */
function otherBackend(providers) {
  // The service hubic is gone, and so is its backend.
  const names = [...providers.map(({ name }) => name), 'hubic'].join('|');
  const literals = [
    { type: 'string', maxLength: 4096 },
    { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    { type: 'boolean' },
  ];
  return {
    title: 'Any other backend of rclone',
    description: 'A backend by the name that rclone gives it. Its options are checked against the installed rclone.',
    properties: {
      provider: { type: 'string', maxLength: 64, pattern: `^(?!(?:${names})$)` },
      options: {
        type: 'object',
        maxProperties: 100,
        additionalProperties: { anyOf: [...literals, toSecretReference] },
      },
    },
  };
}

function optionsSchema(provider) {
  const options = Object.entries(provider.options).map(([name, option]) => [name, optionSchema(option)]);
  return {
    type: 'object',
    ...(requiredOptions(provider).length > 0 ? { required: requiredOptions(provider) } : {}),
    additionalProperties: false,
    properties: Object.fromEntries(options),
  };
}

function requiredOptions(provider) {
  return Object.entries(provider.options)
    .filter(([, option]) => option.required === true)
    .map(([name]) => name);
}

function optionSchema(option) {
  const { description } = option;
  // In draft-07 nothing counts that stands beside a reference, so that it has a list to itself.
  if (option.secret === true) return { description, examples: secretReference.examples, anyOf: [toSecretReference] };
  return { description, examples: option.examples, anyOf: [literalSchema(option), toSecretReference] };
}

function literalSchema(option) {
  const type = option.type === 'path' ? 'string' : option.type;
  const { values, minimum, maximum, pattern } = option;
  return {
    type,
    ...(type === 'string' ? { maxLength: 4096 } : {}),
    ...(values === undefined ? {} : { enum: values }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(pattern === undefined ? {} : { pattern: `^(?:${pattern})$` }),
  };
}
