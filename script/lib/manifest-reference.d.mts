export function manifestReference(
  taskSchema: object,
  credentialSchema: object,
  unsupportedFields: readonly { readonly path: readonly string[] }[],
): string;
