import { invalid } from '../../errors.ts';
import { applicationEventTypes } from '../../events/catalogue.ts';
import type { Event } from '../../events/event.ts';
import type { Scope } from '../../scope.ts';
import { startServiceCall } from '../policy/service-calls.ts';

/** Starts a subscription of a service: everything stored before is in the order afterwards. */
export async function startAppEvents(
  scope: Scope,
  { types }: { types?: readonly string[] | null | undefined },
): Promise<void> {
  await startServiceCall(scope, 'events', { action: 'appEvents', targets: types ?? [] });
  checkEventTypes(types ?? []);
  await scope.node.sequencer.catchUp();
}

/** Throws INVALID unless the topic of the application contains events of these types. */
export function checkEventTypes(types: readonly string[]): void {
  const unknown = types.find((type) => !applicationEventTypes.includes(type));
  if (unknown !== undefined)
    throw invalid(
      `\`${unknown.slice(0, 100)}\` is not a type of event. The types are ${applicationEventTypes.join(', ')}.`,
      'types',
    );
}

/** Whether an event is of one of these types. Without types, all are. A reset is never left out. */
export function selectsTypes(
  types: readonly string[] | null | undefined,
): ((event: Pick<Event, 'type'>) => boolean) | undefined {
  if (!types || types.length === 0) return undefined;
  const wanted = new Set<string>([...types, 'StreamReset']);
  return ({ type }) => wanted.has(type);
}
