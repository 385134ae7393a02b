import { parse, type GraphQLSchema } from 'graphql';
import type { Event } from '../../events/event.ts';
import { createShowEvent } from '../../graphql/show-event.ts';
import type { Node, Service } from '../../scope.ts';
import { webhookDocument, webhookRequestOf } from './webhook-payload.ts';

/** The service in whose name webhooks read events. */
const ownService: Service = {
  id: 'webhooks',
  name: 'webhooks',
  issuer: '',
  scopes: new Set(['events']),
};

/** Executes the document of webhooks for an event. */
export function createWebhookEvents(schema: GraphQLSchema, node: Node) {
  const showEvent = createShowEvent(schema, parse(webhookDocument), () => ({
    node,
    viewer: null,
    service: ownService,
    requestId: 'webhooks',
    address: '',
  }));
  return async (event: Event) => webhookRequestOf(event, await showEvent(event), node.cursors);
}
