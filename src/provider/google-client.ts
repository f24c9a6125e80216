import type { OptionValue } from '../model/credential.ts';
import type { OptionIssue } from '../model/provider.ts';
import { advised, isGiven } from './option-rule.ts';

/** Google withdraws the client that rclone shares among all its users in the course of 2026. */
export function googleClient(provider: string, options: Readonly<Record<string, OptionValue>>): readonly OptionIssue[] {
  if (!isGiven(options, 'token') || isGiven(options, 'client_id')) return [];
  const message = `provider ${provider} has a token but no client_id; the client that rclone shares with everyone stops working in 2026`;
  const hint = 'make an OAuth client of your own at console.cloud.google.com, and a new token with it';
  return [advised(message, hint)];
}
