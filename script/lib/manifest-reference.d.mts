export function manifestReference(
  taskSchema: object,
  credentialSchema: object,
  rcloneFlags: Readonly<Record<string, object>>,
  flagVerdicts: Readonly<Record<string, object>>,
): string;
