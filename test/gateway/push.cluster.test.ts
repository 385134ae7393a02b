import { describeWithServers } from '../support/servers.ts';
import { startCluster } from '../support/start-node.ts';
import { describePush } from './push.suite.ts';

describeWithServers('pushes, with two nodes', () =>
  describePush((options) => startCluster(2, options)),
);
