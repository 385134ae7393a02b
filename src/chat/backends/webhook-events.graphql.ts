import { parse, type GraphQLSchema } from 'graphql';
import type { Event } from '../../events/event.ts';
import { showEvent } from '../../graphql/show-event.ts';
import type { Node, Service } from '../../scope.ts';
import { webhookDocument, webhookRequestOf } from './webhook-payload.ts';

/** As whom webhooks read events. */
const ownService: Service = {
  id: 'webhooks',
  name: 'webhooks',
  issuer: '',
  scopes: new Set(['events']),
};

/** Executes the document of webhooks for an event. */
export function createWebhookEvents(schema: GraphQLSchema, node: Node) {
  const query = parse(webhookDocument);
  return async (event: Event) => {
    const scope = { node, viewer: null, service: ownService, requestId: 'webhooks', address: '' };
    return webhookRequestOf(event, await showEvent(schema, query, scope, event), node.cursors);
  };
}
