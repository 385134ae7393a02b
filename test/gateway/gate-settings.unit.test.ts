import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { newWebhookSecret } from '../../src/gateway/webhook-signature.ts';

const MESSAGE_GATE_SECRET = newWebhookSecret();
const MESSAGE_GATE_URL = 'http://10.0.0.7:3000/gate';
const faultOf = (settings: Record<string, string>): string => {
  try {
    readConfig(settings);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the settings of the message gate', () => {
  it('have defaults, and permit private networks', () => {
    expect(readConfig({ MESSAGE_GATE_URL, MESSAGE_GATE_SECRET })).toMatchObject({
      MESSAGE_GATE_URL,
      MESSAGE_GATE_TIMEOUT_MS: 1500,
      MESSAGE_GATE_ON_FAILURE: 'refuse',
    });
  });

  it('require a secret with the URL', () => {
    expect(faultOf({ MESSAGE_GATE_URL })).toMatch('MESSAGE_GATE_SECRET is required');
    expect(faultOf({ MESSAGE_GATE_SECRET })).toBe('none');
  });

  it.each(['whsec_', `whsec_${'A'.repeat(28)}`, 'whsec_not base64', 'x'.repeat(40)])(
    'refuse the secret %s',
    (secret) => {
      const fault = faultOf({ MESSAGE_GATE_URL, MESSAGE_GATE_SECRET: secret });
      expect(fault).toMatch(/MESSAGE_GATE_SECRET is not `whsec_`/);
    },
  );

  it.each([
    ['MESSAGE_GATE_URL', 'ftp://gate.example'],
    ['MESSAGE_GATE_URL', 'gate.example'],
    ['MESSAGE_GATE_TIMEOUT_MS', '0'],
    ['MESSAGE_GATE_ON_FAILURE', 'perhaps'],
  ])('refuse %s=%s', (name, value) => {
    expect(faultOf({ MESSAGE_GATE_URL, MESSAGE_GATE_SECRET, [name]: value })).toMatch(name);
  });
});
