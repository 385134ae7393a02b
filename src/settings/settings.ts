import { accessSettings } from './access-settings.ts';
import { chatSettings } from './chat-settings.ts';
import { fileSettings } from './file-settings.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { identitySettings } from './identity-settings.ts';
import { nodeSettings } from './node-settings.ts';
import { operationSettings } from './operation-settings.ts';

/**
 * All settings: the name in the environment, the type, the default and the description that `npm
 * run print` writes into the docs.
 */
export const settings = {
  ...nodeSettings,
  ...identitySettings,
  ...accessSettings,
  ...chatSettings,
  ...fileSettings,
  ...gatewaySettings,
  ...operationSettings,
} as const;
