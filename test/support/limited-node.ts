import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

// A node as a process of its own, with other limits than the built program: JSON in TEST_LIMITS.
const { TEST_LIMITS = '{}', ...settings } = process.env;
const config = readConfig(settings, JSON.parse(TEST_LIMITS));
const log = createLog(config.LOG_LEVEL);
const app = await startApp(config, log);
log.info(`Causerie is listening on ${app.url}`);
