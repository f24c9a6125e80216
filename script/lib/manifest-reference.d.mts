export function manifestReference(
  taskSchema: object,
  credentialSchema: object,
  unsupportedFields: readonly { readonly path: readonly string[] }[],
  rcloneFlags: Readonly<Record<string, object>>,
): string;
