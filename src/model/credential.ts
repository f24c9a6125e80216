/** A valid `CloudCredential`. It never holds a secret, only where to find one. */
export interface Credential {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: CredentialSpec;
}

export interface CredentialSpec {
  /** A provider's name in our registry, such as `s3` or `local`. */
  readonly provider: string;
  readonly options: Readonly<Record<string, OptionValue>>;
}

export type OptionValue = string | number | boolean | SecretReference;

export type SecretReference =
  | { readonly fromEnv: string }
  | { readonly fromFile: string }
  | { readonly fromCommand: readonly string[] }
  | { readonly age: string };

export function isSecretReference(value: OptionValue): value is SecretReference {
  return typeof value === 'object';
}
