import { postgresUrl } from '../support/servers.ts';
import { describeBackendRooms } from './backend-rooms.suite.ts';

describeBackendRooms({ isEmbedded: postgresUrl === undefined });
