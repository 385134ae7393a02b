import type { Node, NodeCore } from '../scope.ts';
import { measureBacklogs } from './backlogs.ts';
import { startMaintenance } from './maintenance.ts';
import { continueDepartures } from './departures/remains.ts';
import { deleteFiles } from './files/delete-files.ts';
import { createDeliveryBell } from './messages/delivery-bell.ts';
import { deliverAnnouncement } from './notifications/announcements.ts';
import { startDeliveries } from './notifications/deliveries.ts';
import { followUp } from './notifications/follow-ups.ts';
import { grantAdmins } from './people/grant-admins.ts';
import { keepLastSeen } from './presence/last-seen.ts';
import { endTyping } from './presence/typing.ts';
import { ensureDefaultRoom } from './rooms/default-room.ts';
import { createServices } from './services.ts';

/**
 * The chat of one node: the node with its services, and background tasks that run until it is
 * disposed of.
 */
export interface Chat extends AsyncDisposable {
  readonly node: Node;
}

/** Starts the chat of a node. Throws StartError if a setting is not valid. */
export async function startChat(core: NodeCore): Promise<Chat> {
  const node: Node = { ...core, services: createServices(core) };
  await grantAdmins(node);
  await ensureDefaultRoom(node);
  keepLastSeen(node);
  endTyping(node);
  measureBacklogs(node);
  const stopMaintenance = startMaintenance(node);
  const stopDeliveries = startDeliveries(node, [followUp, deliverAnnouncement, continueDepartures]);
  // On its own, because a store that does not answer must not keep notifications waiting.
  const stopDeletions = startDeliveries(node, [deleteFiles], createDeliveryBell());
  return {
    node,
    async [Symbol.asyncDispose]() {
      await Promise.all([stopDeliveries(), stopDeletions()]);
      await stopMaintenance();
      node.services.messageGate?.[Symbol.dispose]();
      node.services.typingThrottle[Symbol.dispose]();
      node.services.roomPresence[Symbol.dispose]();
    },
  };
}
