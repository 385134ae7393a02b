import type { Person } from './person.ts';
import { openBrowser, type PushService, type TestBrowser } from './push-service.ts';

export const register = (person: Person, input: Record<string, unknown>): Promise<any> =>
  person.query(
    'mutation ($input: PushSubscriptionInput!) { registerPushSubscription(input: $input) { ok } }',
    { input },
  );

/** A browser in which the person permitted pushes. */
export async function browserOf(
  person: Person,
  service: PushService,
  language?: string,
): Promise<TestBrowser> {
  const browser = openBrowser(service);
  await register(person, { ...browser.subscription, ...(language && { language }) });
  return browser;
}
