import { postgresUrl } from '../support/servers.ts';
import { describeImports } from './import-messages.suite.ts';

describeImports({ isEmbedded: postgresUrl === undefined });
