import { describe } from 'vitest';
import { describeWebhooks } from './webhooks.suite.ts';

describe('webhooks', () => describeWebhooks({ isEmbedded: false }));
