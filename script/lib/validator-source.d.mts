export function validatorSource(taskSchema: object): string;
