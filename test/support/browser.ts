import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './server-process.ts';

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Debian's Chromium; for suites of `describeWithChromium`. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: `${findProgram('chromium')}/chromium`, args: quiet });
